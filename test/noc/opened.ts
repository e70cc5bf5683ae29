// A dashboard as somebody opens it: the last six hours, `All` in every variable, on a screen of ordinary width.
//
// The arithmetic of steps and windows is Grafana's. Source: its manual, "Global variables" and "$__rate_interval".

import { committedBoards, type DashboardQuery, ownVariables, resolve } from '../grafana/queries.ts'
import { HOUR, NOW, SCRAPE_INTERVAL } from './scrapes.ts'

/** What is looked at, epoch seconds, and a point for about each pixel. */
export const OPENED = { start: NOW - 6 * HOUR, end: NOW, step: 20 }

/** Annotations ask for a point a minute. */
export const ANNOTATION_STEP = 60

const VARIABLES = new Map(committedBoards().map((board) => [board.uid, ownVariables(board)]))

/** The expression as Prometheus gets it. */
export function resolveQuery({ dashboard, kind, expr }: DashboardQuery): string {
  const step = kind === 'annotation' ? ANNOTATION_STEP : OPENED.step
  const span = {
    interval: `${step}s`,
    rateInterval: `${Math.max(step + SCRAPE_INTERVAL, 4 * SCRAPE_INTERVAL)}s`,
    range: `${OPENED.end - OPENED.start}s`,
  }
  return resolve(expr, span, VARIABLES.get(dashboard) ?? {})
}
