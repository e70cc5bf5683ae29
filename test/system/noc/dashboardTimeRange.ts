// A dashboard as somebody opens it: the last six hours, `All` in every variable, on a screen of ordinary width.
//
// The arithmetic of steps and windows is Grafana's. Source: its manual, "Global variables" and "$__rate_interval".

import { committedBoards, type DashboardQuery, ownVariables, resolve } from '../../unit/grafana/queries.ts'
import { HOUR, NOW, SCRAPE_INTERVAL } from './scrapes.ts'

/** What is looked at, epoch seconds, and a point for about each pixel. */
export const OPENED = { start: NOW - 6 * HOUR, end: NOW, step: 20 }

/** Annotations ask for a point a minute. */
const ANNOTATION_STEP = 60

const VARIABLES = new Map(committedBoards().map((board) => [board.uid, ownVariables(board)]))

/** Seconds from one point to the next: a panel of few points has long windows. */
export function stepOf({ kind, points }: Pick<DashboardQuery, 'kind' | 'points'>): number {
  if (kind === 'annotation') {
    return ANNOTATION_STEP
  }
  return points === null ? OPENED.step : Math.ceil((OPENED.end - OPENED.start) / points)
}

/** The expression as Prometheus gets it. An alert of one name need not have fired in the history: it is asked of any. */
export function resolveQuery(query: DashboardQuery): string {
  const { dashboard, kind } = query
  const expr = kind === 'annotation' ? query.expr.replace(/alertname=~"[^"]*"/, 'alertname=~".+"') : query.expr
  const step = stepOf(query)
  const span = {
    interval: `${step}s`,
    rateInterval: `${Math.max(step + SCRAPE_INTERVAL, 4 * SCRAPE_INTERVAL)}s`,
    range: `${OPENED.end - OPENED.start}s`,
  }
  return resolve(expr, span, VARIABLES.get(dashboard) ?? {})
}
