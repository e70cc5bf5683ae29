// The tile of the wallboard about agents: `sales 7/12`, seven of twelve staffed agents are free.
//
// A queue without staffed agents has no row while nobody waits in it: a night queue would take one all day.
//
// While the exporter knows the agents of no queue, the phones take their place: those that are free, and those in a conversation.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import type { AgentState } from '../../src/staffing/agent.ts'
import { BOARDS, boardLink } from '../addresses.ts'
import { known } from '../known.ts'
import { stat } from '../panels/stat.ts'
import { TILE } from '../panels/tiles.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { grouping, series, sum } from '../promql.ts'
import { instant } from '../targets.ts'

const EACH = ['job', 'instance', 'queue']
const BY_QUEUE = grouping('by', EACH)

/** Rows that can be read from a distance. */
const QUEUES = 4

/** Added where nobody is free and nobody waits: such a queue is last, and neither good nor bad. */
const QUIET = 1_000_000

/** Pixels of a row's text. */
const TEXT = { title: 34 }

const agents = (...state: readonly AgentState[]) => sum(known(series(CATALOGUE.queueAgents, { state })), EACH)
const phones = (state: 'idle' | 'talking') => sum(known(series(CATALOGUE.operatorState, { state: [state] })))

const FREE = agents('free')
const STAFFED = agents('free', 'ringing', 'talking', 'wrapup')
// A queue that nobody has called yet has no series.
const WAITING = `(${sum(known(series(CATALOGUE.queueWaiting)), EACH)} or 0 * ${FREE})`

const STAFFED_OR_NEEDED = `(${STAFFED} + ${WAITING} > 0)`

/** Free and staffed agents of the queues that have the fewest free ones. */
export function freeAgents() {
  return stat(
    {
      title: 'Free / staffed agents',
      description: `The ${QUEUES} queues with the fewest free agents, of those with staffed agents or callers: orange if none is free and callers wait, blue if nobody waits; free and talking phones in place of them while the agents are not known, or not asked for (ARI_QUESTIONS_PER_SECOND=0).`,
      unit: 'none',
      steps: [TILE.look, [1, TILE.good], [QUIET, TILE.plain]],
      named: 'only',
      filled: true,
      rows: true,
      text: TEXT,
      more: { title: 'Queues', url: boardLink(BOARDS.queues) },
    },
    instant(byQueue(), `{{queue}} {{free}}/{{staffed}}${OF_PBX}`),
    instant(insteadOfAgents(withText(phones('idle'))), '{{text}} phones free'),
    instant(insteadOfAgents(`${withText(phones('talking'))} + ${QUIET}`), '{{text}} talking'),
    instant(`vector(0 / 0) unless on () ${phones('idle')}`, '–'),
    instant(`(0 * sum(${FREE}) + ${QUIET}) unless on () ${STAFFED_OR_NEEDED}`, 'none staffed'),
  )
}

// The labels `free` and `staffed` are the numbers as text.
function byQueue(): string {
  const order = `(${FREE} + ${QUIET} * (${FREE} + ${WAITING} == bool 0) and ${STAFFED_OR_NEEDED})`
  const numbers = Object.entries({ free: FREE, staffed: STAFFED }).map(
    ([label, count]) =>
      `* ${grouping('on', EACH)} group_left (${label}) count_values ${BY_QUEUE} ("${label}", ${count})`,
  )
  return `bottomk(${QUEUES}, ${ofPbx([order, ...numbers].join(' '))})`
}

function withText(count: string): string {
  return `${count} * on () group_left (text) count_values("text", ${count})`
}

function insteadOfAgents(expression: string): string {
  return `${expression} unless on () ${FREE}`
}
