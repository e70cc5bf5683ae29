// All queries of the committed dashboards to Prometheus, and the replacement of their variables as Grafana does it.
//
// Reads grafana/dashboards/*.json, so that tests execute what is shipped. Sends no requests.

import { readdirSync, readFileSync } from 'node:fs'
import { type Board, type BoardVariable, isPrometheusTarget, type Panel, panelsOf, type Target } from './board.ts'

/**
 * The kind of a query: range query, instant query (tables and stats), or values of a label (then `expr` is a selector, and
 * `label` the label).
 */
export type QueryKind = 'range' | 'instant' | 'annotation' | 'label_values'

/** A query of a dashboard. `expr` contains Grafana's variables, see `resolve`. */
export interface DashboardQuery {
  /** The uid of the board, which is its file name. */
  readonly dashboard: string
  /** The panel's title, or `variable <name>`, or `annotation <name>`. */
  readonly panel: string
  readonly refId: string
  readonly kind: QueryKind
  readonly expr: string
  /** Maximum number of points over the time range; null: one for each pixel. */
  readonly points: number | null
  /** Only for `label_values`. */
  readonly label: string | null
  /** Why an empty result is allowed; null: it is not. */
  readonly mayBeEmpty: string | null
}

/** Values of Grafana's own variables; durations in the notation of Prometheus. */
export interface Span {
  /** `$__rate_interval`; Grafana makes it at least four times the scrape interval. */
  readonly rateInterval: string
  /** `$__interval`: the step of a range query. */
  readonly interval: string
  /** `$__range`: the length of the time range. */
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

/** All queries of panels, variables and annotations to Prometheus. */
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
            queryOf(board, {
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

/** The variables of a board with their defaults; `All` is replaced by its value. */
export function ownVariables(board: Pick<Board, 'templating'>): Readonly<Record<string, string>> {
  return Object.fromEntries(board.templating.list.map((variable) => [variable.name, openingValue(variable)]))
}

/**
 * The expression as Prometheus receives it. `own`: values of the board's variables, see `ownVariables`, including job and
 * instance. Throws for an unknown variable.
 */
export function resolve(expr: string, span: Span, own: Readonly<Record<string, string>>): string {
  const known: Readonly<Record<string, string>> = {
    ...own,
    __rate_interval: span.rateInterval,
    __interval: span.interval,
    __range: span.range,
  }
  // `$1` is a group of label_replace, not a variable.
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
  return queryOf(board, { panel: title, refId: target.refId ?? '', kind, expr: target.expr ?? '', points, label: null })
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
    queryOf(board, {
      panel: `variable ${variable.name}`,
      refId: 'Var',
      kind: 'label_values',
      expr: selector,
      points: null,
      label,
    }),
  ]
}

function queryOf(board: Board, query: Omit<DashboardQuery, 'dashboard' | 'mayBeEmpty'>): DashboardQuery {
  return { dashboard: board.uid, ...query, mayBeEmpty: reasonToBeEmpty(query) }
}

function reasonToBeEmpty({ expr }: Pick<DashboardQuery, 'expr'>): string | null {
  if (/\boffset 1w\b/.test(expr) && !/\bvector\(/.test(expr)) {
    return 'needs a week of history'
  }
  if (/\bALERTS\b/.test(expr) && !/\bvector\(/.test(expr)) {
    return 'there may be no alert'
  }
  if (/\bchanges\(.* > 0$|\bmax_over_time\(.* > min_over_time\(/.test(expr)) {
    return 'there may be no restart and no change of state'
  }
  if (/_round_trip_seconds/.test(expr)) {
    return 'endpoints may have no round trip yet'
  }
  if (/\bmin_over_time\(.* == 0$/.test(expr)) {
    return 'there may be no offline phone'
  }
  return null
}
