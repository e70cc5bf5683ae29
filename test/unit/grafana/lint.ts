// The linter of dashboards: all rules over a board.
//
// The rules of Grafana's dashboard-linter, except those for Loki, and rules of this project. A rule returns faults and their
// places; exceptions are listed here, and a test fails if one is not needed.

import type { Board } from './board.ts'
import { BOARD_RULES } from './lintBoard.ts'
import { LOOK_RULES } from './lintLooks.ts'
import { PANEL_RULES } from './lintPanels.ts'
import { QUERY_RULES } from './lintQueries.ts'
import { ROOM_RULES } from './lintRoom.ts'

/** A violation of a rule. */
export interface Finding {
  readonly rule: string
  /** `<uid> / <panel or variable>`. */
  readonly where: string
  readonly what: string
}

/** A rule over a board: returns the faults with their places on the board. */
export type Rule = (board: Board) => readonly (readonly [where: string, what: string])[]

/** An accepted violation. */
export interface Exception {
  readonly rule: string
  readonly where: string
  readonly because: string
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'target-counter-agg',
    where: 'asterisk-exporter / Counted, not logged',
    because: 'compares totals, which are persisted on both sides',
  },
  {
    rule: 'target-counter-agg',
    where: 'asterisk-exporter / Calls in the log',
    because: 'shows how many there ever were, which the call log remembers',
  },
  {
    rule: 'target-counter-agg',
    where: 'asterisk-exporter / Names counted as other',
    because: 'shows the number of names, not their rate',
  },
]

/** All rules by name. */
export const RULES: Readonly<Record<string, Rule>> = {
  ...BOARD_RULES,
  ...PANEL_RULES,
  ...QUERY_RULES,
  ...LOOK_RULES,
  ...ROOM_RULES,
}

/** All violations of a board, including accepted ones. */
export function lint(board: Board): readonly Finding[] {
  return Object.entries(RULES).flatMap(([rule, check]) =>
    check(board).map(([where, what]) => ({ rule, where: `${board.uid} / ${where}`, what })),
  )
}

/** Whether the violation is accepted. */
export function isAccepted(finding: Finding): boolean {
  return EXCEPTIONS.some(({ rule, where }) => rule === finding.rule && where === finding.where)
}
