// Every question that the committed dashboards ask Prometheus, as a list, and how Grafana would fill their variables in.
//
// Reads grafana/dashboards/*.json and nothing else, so that what is executed is what is shipped. Never asks a server itself.

import { readdirSync, readFileSync } from 'node:fs'
import { type Board, type BoardVariable, isPrometheusTarget, type Panel, panelsOf, type Target } from './board.ts'

/**
 * How the question is to be asked: over a span of time with steps, once for now (tables and single figures), or for the
 * values of a label (then `expr` is a selector, and the values are those of `label` among its series).
 */
export type QueryKind = 'range' | 'instant' | 'annotation' | 'label_values'

/** One question of a dashboard. `expr` still has Grafana's variables in it, see `resolve`. */
export interface DashboardQuery {
  /** The uid, which is the file's name. */
  readonly dashboard: string
  /** The panel's title, or `variable <name>`, or `annotation <name>`. */
  readonly panel: string
  readonly refId: string
  readonly kind: QueryKind
  readonly expr: string
  /** At most so many points over the span; null: one for each pixel. */
  readonly points: number | null
  /** Of `label_values` only. */
  readonly label: string | null
  /** Why an answer without any series is no fault; null: it must answer with data. */
  readonly mayBeEmpty: string | null
}

/** What stands for Grafana's own variables. Durations as Prometheus writes them. */
export interface Span {
  /** `$__rate_interval`; Grafana makes it at least four times the scrape interval. */
  readonly rateInterval: string
  /** `$__interval`: the step of a range query. */
  readonly interval: string
  /** `$__range`: the whole span that is looked at. */
  readonly range: string
}

const DASHBOARDS = new URL('../../../grafana/dashboards/', import.meta.url)

/** The committed boards, by uid. */
export function committedBoards(): readonly Board[] {
  return readdirSync(DASHBOARDS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name): Board => JSON.parse(readFileSync(new URL(name, DASHBOARDS), 'utf8')))
}

/** Every panel, variable and annotation query of these boards. Questions to other data sources are left out. */
export function dashboardQueries(boards: readonly Board[] = committedBoards()): readonly DashboardQuery[] {
  return boards.flatMap((board) => [
    ...panelsOf(board).flatMap((panel) =>
      (panel.targets ?? []).filter(isPrometheusTarget).map((target) => fromTarget(board, panel, target)),
    ),
    ...board.templating.list.flatMap((variable) => fromVariable(board, variable)),
    ...board.annotations.list.flatMap(({ name, target, expr }) =>
      target === undefined && expr === undefined
        ? []
        : [
            asked(board, {
              panel: `annotation ${name}`,
              refId: 'Anno',
              kind: 'annotation',
              expr: target?.expr ?? expr ?? '',
              points: null,
              label: null,
            }),
          ],
    ),
  ])
}

/** The variables of a board as they stand when it is opened: `All` is what the board says that it stands for. */
export function ownVariables(board: Pick<Board, 'templating'>): Readonly<Record<string, string>> {
  return Object.fromEntries(board.templating.list.map((variable) => [variable.name, openingValue(variable)]))
}

/**
 * The expression as Prometheus gets it. `own`: values of the board's variables, see `ownVariables`, those of job and
 * instance included. A variable that nobody knows throws.
 */
export function resolve(expr: string, span: Span, own: Readonly<Record<string, string>>): string {
  const known: Readonly<Record<string, string>> = {
    ...own,
    __rate_interval: span.rateInterval,
    __interval: span.interval,
    __range: span.range,
  }
  // `$1` is not Grafana's: it is a part of what label_replace found.
  return expr.replace(
    /\$(?:\{([a-z_]\w*)(?::\w+)?\}|([a-z_]\w*))/gi,
    (whole, braced: string | undefined, bare: string | undefined) => {
      const value = known[braced ?? bare ?? '']
      if (value === undefined) {
        throw new Error(`${whole} is no variable here: ${expr}`)
      }
      return value
    },
  )
}

function openingValue({ type, allValue, current, query }: BoardVariable): string {
  const value = current?.value ?? (type === 'textbox' || type === 'constant' ? query : undefined)
  const first = Array.isArray(value) ? value.join('|') : value
  if (first === '$__all' || (first === undefined && allValue !== undefined)) {
    return allValue ?? '.+'
  }
  return typeof first === 'string' ? first : ''
}

function fromTarget(board: Board, panel: Panel, target: Target): DashboardQuery {
  const kind = target.instant === true ? 'instant' : 'range'
  const points = panel.maxDataPoints ?? null
  const { title = '' } = panel
  return asked(board, { panel: title, refId: target.refId ?? '', kind, expr: target.expr ?? '', points, label: null })
}

function fromVariable(board: Board, variable: BoardVariable): readonly DashboardQuery[] {
  if (variable.type !== 'query') {
    return []
  }
  const query = typeof variable.query === 'string' ? variable.query : (variable.query?.query ?? '')
  const [, selector, label] = /^label_values\((.+),\s*(\w+)\)$/.exec(query) ?? []
  if (selector === undefined || label === undefined) {
    throw new Error(`${board.uid}: cannot read ${query}`)
  }
  return [
    asked(board, {
      panel: `variable ${variable.name}`,
      refId: 'Var',
      kind: 'label_values',
      expr: selector,
      points: null,
      label,
    }),
  ]
}

function asked(board: Board, query: Omit<DashboardQuery, 'dashboard' | 'mayBeEmpty'>): DashboardQuery {
  return { dashboard: board.uid, ...query, mayBeEmpty: reasonToBeEmpty(query) }
}

function reasonToBeEmpty({ expr }: Pick<DashboardQuery, 'expr'>): string | null {
  if (/\boffset 1w\b/.test(expr) && !/\bvector\(/.test(expr)) {
    return 'needs a week of history'
  }
  if (/\bALERTS\b/.test(expr) && !/\bvector\(/.test(expr)) {
    return 'no alert need fire'
  }
  if (/\bchanges\(.* > 0$/.test(expr)) {
    return 'nothing need have been restarted or gone'
  }
  if (/_round_trip_seconds/.test(expr)) {
    return 'no far end need have told its round trip'
  }
  if (/\bmin_over_time\(.* == 0$/.test(expr)) {
    return 'no phone need have been offline'
  }
  return null
}
