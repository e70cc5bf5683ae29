// Catalogue of metrics, staffing: who is there, as Asterisk answers when it is asked.
//
// Absent while nothing is known. Source of the definitions: src/staffing/agent.ts.

import { AGENT_STATES } from '../../staffing/agent.ts'
import { counter, type MetricFamily } from './entry.ts'
import { OPERATOR_STATES } from './labelValues.ts'

/** Agents: the members of queues, and the time of the phones that they use. */
export const STAFFING_METRICS = {
  queueAgents: {
    type: 'gauge',
    name: 'asterisk_queue_agents',
    stability: 'experimental',
    help: 'Members of a queue by what they do, absent while that is not known.',
    labels: { queue: 'open', state: AGENT_STATES },
  },
  queueAgentsAge: {
    type: 'gauge',
    name: 'asterisk_queue_agents_age_seconds',
    stability: 'experimental',
    help: 'Seconds since the oldest part of what is known of the members of a queue was true, absent while nothing is known.',
    labels: { queue: 'open' },
  },
  operatorSeconds: counter({
    name: 'asterisk_operator_seconds_total',
    stability: 'experimental',
    help: 'Seconds that this phone was in each state while Asterisk was observed.',
    labels: { operator: 'open', state: OPERATOR_STATES },
    persisted: false,
  }),
} satisfies MetricFamily
