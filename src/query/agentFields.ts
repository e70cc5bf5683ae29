// Defines the fields of an agent for the API and the live feed.

import { AGENT_STATES, type Agent } from '../staffing/agent.ts'
import { described, instantOrNull, oneOfOrNull, text, textOrNull } from './fields.ts'

/** The fields, in the order of the JSON. */
export const AGENT_FIELDS = {
  queue: text((agent: Agent) => agent.queue),
  member: described(
    text((agent: Agent) => agent.member),
    'The interface, as in the configuration of the queue.',
  ),
  operator: described(
    textOrNull((agent: Agent) => agent.operator),
    'The phone that it leads to; null if that is not known.',
  ),
  name: described(
    textOrNull((agent: Agent) => agent.name),
    'As given when the agent logged in by phone.',
  ),
  state: described(
    oneOfOrNull(AGENT_STATES, (agent: Agent) => agent.state),
    'Null while it is not known.',
  ),
  since: described(
    instantOrNull((agent: Agent) => agent.since),
    'When the state began, or was first seen; with a call, when this call began to ring or was answered.',
  ),
  pause_reason: described(
    textOrNull((agent: Agent) => agent.pauseReason),
    'As given when the agent paused by phone.',
  ),
  seen: described(
    instantOrNull((agent: Agent) => agent.seenAt),
    'When Asterisk last answered about this agent.',
  ),
}
