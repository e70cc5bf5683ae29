// The panels of the board "Queues" about agents: who takes calls now, and how much of the staffed time is spent with calls.
//
// Staffed agents take calls: they are neither paused nor offline. An agent of two queues counts in each. Nothing is shown while the
// exporter does not know the agents.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { AGENT_STATES, type AgentState } from '../../src/staffing/agent.ts'
import { BOARDS, boardLink } from '../addresses.ts'
import { AGENT_COLORS } from '../colors.ts'
import { known } from '../known.ts'
import { graph } from '../panels/graph.ts'
import { spoken } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { timeline } from '../panels/timeline.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { max, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { NO_AGENTS } from './sharedText.ts'

/** The queues that are selected at the top of the board. */
export const SELECTED_QUEUE = { queue: '$queue' } as const
const EACH = ['job', 'instance', 'queue']
const EACH_QUEUE = `{{queue}}${OF_PBX}`
// From the bottom to the top.
const STACKED: readonly AgentState[] = ['talking', 'wrapup', 'ringing', 'free', 'paused', 'offline']

/** The agents of a queue in one state. */
export function agentsIn(state: AgentState): string {
  return series(CATALOGUE.queueAgents, { ...SELECTED_QUEUE, state: [state] })
}

/** The agents of a queue that take calls. */
export const STAFFED = recorded(RECORDINGS.agentsStaffed, '', SELECTED_QUEUE)

/** How many agents are in each state. */
export function agentsNow() {
  return stat(
    {
      title: 'Agents now',
      description: 'Agents of the selected queues by state; an agent of two queues counts in each.',
      unit: 'short',
      named: true,
      none: NO_AGENTS,
      more: { title: 'Operators', url: boardLink(BOARDS.operators) },
    },
    ...AGENT_STATES.map((state) => instant(sum(known(agentsIn(state))), spoken(state))),
  )
}

/** The worst that can be said of the agents of each queue. */
const STAFFING = {
  1: ['an agent is free', AGENT_COLORS.free],
  2: ['all are busy', AGENT_COLORS.talking],
  3: ['all are paused', AGENT_COLORS.paused],
  4: ['nobody is there', AGENT_COLORS.offline],
} as const

/** Whether anybody takes calls, by queue. */
export function staffing() {
  const each = (agents: string): string => sum(agents, EACH)
  const cases = [each(agentsIn('free')), STAFFED, each(agentsIn('paused'))]
  const first = cases.map((agents, index) => `0 * (${agents} > 0) + ${index + 1}`)
  return timeline(
    {
      title: 'Staffing of each queue',
      description:
        'Whether an agent is free, all staffed agents are busy, all agents that are there are paused, or nobody is there; empty while the agents are not known.',
      unit: 'none',
      texts: STAFFING,
      none: NO_AGENTS,
    },
    range(ofPbx(known(`(${[...first, `0 * ${STAFFED} + ${cases.length + 1}`].join(' or ')})`)), EACH_QUEUE),
  )
}

/** The agents by state. */
export function agentsOverTime() {
  const count = (state: AgentState) => sum(known(`avg_over_time(${agentsIn(state)}[$__interval])`), ['state'])
  return graph(
    {
      title: 'Agents by state',
      description: `Average number of agents of the selected queues within each step, by state (${STACKED.map(spoken).join(', ')}).`,
      unit: 'short',
      stacked: true,
      points: 96,
      colors: AGENT_COLORS,
      none: NO_AGENTS,
    },
    ...STACKED.map((state) => range(count(state), '{{state}}')),
  )
}

/** How much of their staffed time the agents of each queue spend with calls. */
export function occupancy() {
  return graph(
    {
      title: 'Occupancy',
      description:
        'Share of the staffed time over the selected window in which agents rang, talked or were in wrap-up, by queue; calls of other queues count too.',
      unit: 'percentunit',
      max: 1,
      none: NO_AGENTS,
      calculations: ['lastNotNull', 'mean'],
    },
    range(ofPbx(recorded(RECORDINGS.queueOccupancy, '$window', SELECTED_QUEUE)), EACH_QUEUE),
  )
}

/** How old the knowledge is. */
export function age() {
  return graph(
    {
      title: 'Age of what is known of agents',
      description:
        'Seconds since the oldest part of what the exporter knows of the agents of each queue was true; after a minute they count as unknown.',
      unit: 's',
      none: NO_AGENTS,
      calculations: ['lastNotNull', 'max'],
    },
    range(ofPbx(max(known(series(CATALOGUE.queueAgentsAge, SELECTED_QUEUE)), EACH)), EACH_QUEUE),
  )
}

/** How many of the staffed agents are free. */
export function freeShare() {
  const share = `avg_over_time(${recorded(RECORDINGS.agentsFreeShare, '', SELECTED_QUEUE)}[$__interval])`
  return graph(
    {
      title: 'Free share',
      description: 'Share of the staffed agents that are free, average within each step, by queue.',
      unit: 'percentunit',
      max: 1,
      points: 96,
      none: NO_AGENTS,
      calculations: ['lastNotNull', 'mean'],
    },
    range(ofPbx(known(share)), EACH_QUEUE),
  )
}
