// A valid board with one fault, for the tests of the linter.

import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import type { Board, BoardVariable, Panel, Target } from './board.ts'
import { committedBoards } from './queries.ts'

type Change = Readonly<Record<string, unknown>>

const [sound] = committedBoards().filter(({ uid }) => uid === 'asterisk-missed-calls')
if (sound === undefined) {
  throw new Error('no board to break')
}

/** A board without a finding. */
export const board: Board = sound

export const SCOPE = 'cluster=~"$cluster", job=~"$job", instance=~"$instance"'
export const CALLS = `${CATALOGUE.calls.name}{${SCOPE}}`
export const WAITING = `${CATALOGUE.queueWaiting.name}{${SCOPE}}`
export const WAITS = `${CATALOGUE.queueWait.name}_bucket{${SCOPE}}`

export const isGraph = ({ type }: Panel) => type === 'timeseries'

/** The board with its first panel of a type changed. */
export function withPanel(type: string, change: Change | ((panel: Panel) => Change)): Board {
  const at = board.panels.findIndex((panel) => panel.type === type)
  const changed = (panel: Panel): Panel => ({ ...panel, ...(typeof change === 'function' ? change(panel) : change) })
  return { ...board, panels: board.panels.map((panel, index) => (index === at ? changed(panel) : panel)) }
}

/** The board with its first graph changed. */
export function withGraph(change: Change): Board {
  return withPanel('timeseries', change)
}

/** The board with the first query of its first graph changed. */
export function withTarget(change: Partial<Target>): Board {
  const [target] = board.panels.find(isGraph)?.targets ?? []
  return withGraph({ targets: [{ ...target, ...change }] })
}

/** The board with another expression in its first graph. */
export const asking = (expr: string) => withTarget({ expr })

/** The board with a variable changed. */
export function withVariable(name: string, change: Partial<BoardVariable>): Board {
  const list = board.templating.list.map((each) => (each.name === name ? { ...each, ...change } : each))
  return { ...board, templating: { list } }
}

/** The board without a field. */
export function without(key: string): Board {
  return { ...board, [key]: undefined }
}
