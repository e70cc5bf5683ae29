// The shape of a dashboard's JSON, as far as the tests read it.
//
// Types and functions over them. Source: Grafana's classic dashboard JSON, schemaVersion 42.

export interface Target {
  readonly refId?: string
  readonly datasource?: { readonly type?: string; readonly uid?: string }
  readonly expr?: string
  readonly legendFormat?: string
  readonly instant?: boolean
  readonly range?: boolean
  readonly format?: string
  readonly exemplar?: boolean
  readonly [other: string]: unknown
}

export interface Panel {
  readonly id?: number
  readonly type: string
  readonly title?: string
  readonly description?: string
  readonly datasource?: { readonly type?: string; readonly uid?: string }
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly fieldConfig?: {
    readonly defaults?: { readonly unit?: string; readonly [other: string]: unknown }
    readonly overrides?: readonly unknown[]
  }
  readonly targets?: readonly Target[]
  readonly panels?: readonly Panel[]
  readonly libraryPanel?: unknown
  readonly maxDataPoints?: number
  readonly [other: string]: unknown
}

export interface BoardVariable {
  readonly name: string
  readonly type: string
  readonly label?: string
  readonly description?: string
  readonly query?: string | { readonly query?: string; readonly refId?: string }
  readonly datasource?: { readonly type?: string; readonly uid?: string }
  readonly current?: { readonly value?: string | readonly string[]; readonly text?: string | readonly string[] }
  readonly multi?: boolean
  readonly includeAll?: boolean
  readonly allValue?: string
  readonly refresh?: number
  readonly [other: string]: unknown
}

export interface BoardAnnotation {
  readonly name: string
  readonly enable: boolean
  readonly datasource?: { readonly type?: string; readonly uid?: string }
  readonly target?: Target
  readonly expr?: string
  readonly [other: string]: unknown
}

export interface Board {
  readonly uid: string
  readonly title: string
  readonly description?: string
  readonly schemaVersion: number
  readonly editable?: boolean
  readonly tags?: readonly string[]
  readonly refresh?: string
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly BoardVariable[] }
  readonly annotations: { readonly list: readonly BoardAnnotation[] }
  readonly links?: readonly Readonly<Record<string, unknown>>[]
  readonly [other: string]: unknown
}

/** All panels, including those inside folded rows. */
export function panelsOf(board: Pick<Board, 'panels'>): readonly Panel[] {
  return board.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])])
}

/** Whether a target queries Prometheus. */
export function isPrometheusTarget(target: Target): boolean {
  return target.datasource?.type === 'prometheus'
}
