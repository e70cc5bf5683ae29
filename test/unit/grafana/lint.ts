// Our linter of dashboards: every rule over a whole board.
//
// After the seventeen rules of Grafana's dashboard-linter (the two for Loki are the one that no board asks Loki), and those
// that this project adds. A rule tells what is wrong and where; an exception has to be written down, and has to be needed.

import type { Board } from './board.ts'
import { BOARD_RULES } from './lintBoard.ts'
import { LOOK_RULES } from './lintLooks.ts'
import { PANEL_RULES } from './lintPanels.ts'
import { QUERY_RULES } from './lintQueries.ts'

/** Something that a rule found. */
export interface Finding {
  readonly rule: string
  /** `<uid> / <panel or variable>`. */
  readonly where: string
  readonly what: string
}

/** A rule over a board: what is wrong, each with the place below the board. */
export type Rule = (board: Board) => readonly (readonly [where: string, what: string])[]

/** A finding that is meant. */
export interface Exception {
  readonly rule: string
  readonly where: string
  readonly because: string
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'target-counter-agg',
    where: 'asterisk-exporter / Counted, not logged',
    because: 'compares totals: both sides survive a restart',
  },
  {
    rule: 'target-counter-agg',
    where: 'asterisk-exporter / Names counted as other',
    because: 'how many names there are, not how fast they come',
  },
]

/** All rules by name. */
export const RULES: Readonly<Record<string, Rule>> = { ...BOARD_RULES, ...PANEL_RULES, ...QUERY_RULES, ...LOOK_RULES }

/** Everything that is wrong with a board, the exceptions included. */
export function lint(board: Board): readonly Finding[] {
  return Object.entries(RULES).flatMap(([rule, check]) =>
    check(board).map(([where, what]) => ({ rule, where: `${board.uid} / ${where}`, what })),
  )
}

/** Whether the finding is meant. */
export function isMeant(finding: Finding): boolean {
  return EXCEPTIONS.some(({ rule, where }) => rule === finding.rule && where === finding.where)
}
