// The endpoints of the simulated PBX: phones 101 to 120, two trunks, the queues' members and the paging group.
//
// Some phones are unregistered from the start, so that every kind of missed call occurs. Documentation and pictures show
// these numbers.

import type { SimEndpoint } from './channel.ts'

const PEOPLE = [
  'Alice Moreau',
  'Bob Lindqvist',
  'Carol Novak',
  'David Okafor',
  'Eva Horvath',
  'Frank Weber',
  'Grace Tanaka',
  'Henry Silva',
  'Irene Costa',
  'Jack Dubois',
  'Karen Virtanen',
  'Leo Petrov',
  'Maria Santos',
  'Nora Eriksen',
  'Oscar Jansen',
  'Paula Rossi',
  'Quentin Blake',
  'Rosa Marin',
  'Simon Keller',
  'Tina Popescu',
]

/** Resources that are unregistered at the start. */
const OFF = new Set(['118', '119', '120'])

export const TRUNKS: readonly string[] = ['trunk-a', 'trunk-b']

/** Queues and their members. `night` has none. */
export const QUEUES: Readonly<Record<'support' | 'sales' | 'night', readonly string[]>> = {
  support: ['102', '103'],
  sales: ['104', '105', '106'],
  night: [],
}

/** The members of the paging group. */
export const PAGED: readonly string[] = ['107', '108', '109', '110']

/** A new set of endpoints, by resource. */
export function createEndpoints(): Map<string, SimEndpoint> {
  const phones = PEOPLE.map((displayName, index): SimEndpoint => {
    const resource = String(101 + index)
    return {
      resource,
      role: 'phone',
      displayName,
      accountCode: index === 0 ? 'acct101' : '',
      context: 'internal',
      online: !OFF.has(resource),
    }
  })
  const trunks = TRUNKS.map(
    (resource): SimEndpoint => ({
      resource,
      role: 'trunk',
      displayName: '',
      accountCode: '',
      context: 'from-trunk',
      online: true,
    }),
  )
  return new Map([...phones, ...trunks].map((endpoint) => [endpoint.resource, endpoint]))
}
