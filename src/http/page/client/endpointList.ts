// Which endpoints the page shows, in which order, and the setting that corrects their roles.
//
// No I/O. A PBX may have thousands of endpoints of which only the names are known yet: they are doubtful as well, but must not hide the
// trunks. So those that count as phones by name alone come after the trunks, unless they are few.

import type { Reason, Role } from '../../../endpoint/judge.ts'
import type { EndpointEntry } from '../../../query/endpointSchema.ts'

/** `notable`: trunks, and all that are doubtful. */
export const VIEWS = ['notable', 'doubtful', 'phones', 'offline', 'all'] as const

export type View = (typeof VIEWS)[number]

/** So many doubtful phones may come before the trunks. */
export const FEW = 10

export interface Counts {
  readonly trunks: number
  readonly phones: number
  readonly doubtful: number
  readonly offline: number
}

export function countEndpoints(endpoints: readonly EndpointEntry[]): Counts {
  const count = (is: (one: EndpointEntry) => boolean): number => endpoints.filter(is).length
  return {
    trunks: count(({ role }) => role === 'trunk'),
    phones: count(({ role }) => role === 'phone'),
    doubtful: count(isDoubtful),
    offline: count(({ state }) => state === 'offline'),
  }
}

/** Those of the view; with a text, those of all whose name contains it. Doubtful ones first, then trunks. */
export function chooseEndpoints(
  endpoints: readonly EndpointEntry[],
  { view, text, compare }: { view: View; text: string; compare: (one: string, other: string) => number },
): readonly EndpointEntry[] {
  const isLate = (one: EndpointEntry): boolean => isDoubtful(one) && one.role === 'phone' && one.decided_by === 'name'
  const areLateFew = endpoints.filter(isLate).length <= FEW
  const rank = (one: EndpointEntry): number => {
    const isTrunk = one.role === 'trunk'
    return isDoubtful(one) && (areLateFew || !isLate(one)) ? (isTrunk ? 0 : 1) : isTrunk ? 2 : isDoubtful(one) ? 3 : 4
  }
  const wanted = text.trim().toLowerCase()
  return endpoints
    .filter((one) => (wanted === '' ? isIn(view, one) : one.endpoint.toLowerCase().includes(wanted)))
    .map((one) => ({ one, at: rank(one) }))
    .sort((a, b) => a.at - b.at || compare(a.one.endpoint, b.one.endpoint))
    .map(({ one }) => one)
}

function isIn(view: View, one: EndpointEntry): boolean {
  switch (view) {
    case 'notable': {
      return one.role === 'trunk' || isDoubtful(one)
    }
    case 'doubtful': {
      return isDoubtful(one)
    }
    case 'phones': {
      return one.role === 'phone'
    }
    case 'offline': {
      return one.state === 'offline'
    }
    case 'all': {
      return true
    }
  }
}

export function isDoubtful({ certainty }: EndpointEntry): boolean {
  return certainty === 'doubtful'
}

/** The roles that endpoints should have, by their names, as far as somebody told. */
export type Wanted = ReadonlyMap<string, Role>

export function isWrong({ endpoint, role }: EndpointEntry, wanted: Wanted): boolean {
  return (wanted.get(endpoint) ?? role) !== role
}

/** The setting with which all have the wanted roles, and otherwise those that they have. */
export function trunksSetting(endpoints: readonly EndpointEntry[], wanted: Wanted): string {
  const trunks = endpoints.filter(({ endpoint, role }) => (wanted.get(endpoint) ?? role) === 'trunk')
  const names = [...new Set(trunks.map(({ endpoint }) => endpoint))].sort()
  // An empty setting would mean `auto`; no endpoint has this name.
  return `TRUNKS='${names.join(',') || 'none'}'`
}

/** Which role each reason speaks for. */
export const SPEAKS_FOR: Readonly<Record<Reason, Role>> = {
  logs_in: 'trunk',
  two_accounts: 'trunk',
  registers_out: 'trunk',
  by_address: 'trunk',
  sender: 'trunk',
  never_dialed: 'trunk',
  trunk_context: 'trunk',
  own_context: 'trunk',
  fixed_contact: 'trunk',
  bare_contact: 'trunk',
  identified: 'trunk',
  webrtc: 'phone',
  queue_member: 'phone',
  own_number: 'phone',
  phone_context: 'phone',
  registers: 'phone',
  mailbox: 'phone',
  registers_openly: 'phone',
  caller_id: 'phone',
  group: 'phone',
  busy_limit: 'phone',
}
