// The shape of a dashboard's JSON, as far as the page reads it.
//
// Only types. Source: Grafana's classic dashboard JSON, schemaVersion 42.

import type { DataTransformerConfig, FieldConfigSource } from '@grafana/data'

export interface Target {
  readonly refId: string
  readonly datasource?: { readonly type?: string }
  readonly expr: string
  readonly legendFormat?: string
  readonly instant?: boolean
  readonly format?: string
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title?: string
  readonly description?: string
  readonly gridPos: GridPosition
  readonly targets?: readonly Target[]
  readonly options?: object
  readonly fieldConfig?: FieldConfigSource
  readonly transformations?: DataTransformerConfig[]
  readonly interval?: string
  readonly maxDataPoints?: number
  readonly timeFrom?: string
  readonly transparent?: boolean
  /** The panels of a folded row. */
  readonly panels?: readonly Panel[]
}

export interface GridPosition {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface BoardVariable {
  readonly name: string
  readonly type: string
  readonly label?: string
  readonly hide?: number
  readonly query?: string | { readonly query?: string }
  readonly current?: { readonly value?: string | readonly string[]; readonly text?: string | readonly string[] }
  readonly allValue?: string
}

export interface BoardAnnotation {
  readonly name: string
  readonly enable: boolean
  readonly hide?: boolean
  readonly iconColor: string
  readonly target?: { readonly expr?: string }
}

export interface Board {
  readonly title: string
  readonly time: { readonly from: string; readonly to: string }
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly BoardVariable[] }
  readonly annotations: { readonly list: readonly BoardAnnotation[] }
  readonly links: readonly { readonly title: string }[]
}
