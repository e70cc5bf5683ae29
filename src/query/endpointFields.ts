// Defines the fields of an endpoint and its role for the API.

import type { Endpoint } from '../endpoint/endpoints.ts'
import { CERTAINTIES, type Certainty, type Reason, type Role } from '../endpoint/judge.ts'
import { described, oneOf, oneOfOrNull, text } from './fields.ts'

/** What decides a role: TRUNKS, the configuration of the endpoint in Asterisk, or its name. */
export const DECIDED_BY = ['setting', 'configuration', 'name'] as const

/** An endpoint and why it has its role. */
export interface EndpointWithRole extends Endpoint {
  readonly role: Role
  readonly decidedBy: (typeof DECIDED_BY)[number]
  readonly certainty: Certainty
  readonly reasons: readonly Reason[]
}

const ROLES = ['trunk', 'phone'] as const
const STATES = ['online', 'offline'] as const

/** The fields, in the order of the JSON; `reasons` follow. */
export const ENDPOINT_FIELDS = {
  endpoint: text((one: EndpointWithRole) => one.endpoint),
  technology: text((one: EndpointWithRole) => one.technology),
  state: described(
    oneOfOrNull(STATES, (one: EndpointWithRole) => (one.state === 'unknown' ? null : one.state)),
    'Null: Asterisk does not tell, or is not connected.',
  ),
  role: described(
    oneOf(ROLES, 'phone', (one: EndpointWithRole) => one.role),
    'Of calls that begin now; a call keeps the roles that it began with.',
  ),
  decided_by: described(
    oneOf(DECIDED_BY, 'name', (one: EndpointWithRole) => one.decidedBy),
    'TRUNKS, the configuration in Asterisk, or the name where that is not known or no evidence.',
  ),
  certainty: oneOf(CERTAINTIES, 'doubtful', (one: EndpointWithRole) => one.certainty),
}
