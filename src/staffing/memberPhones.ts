// Which phone a member of a queue leads to.
//
// `PJSIP/102` is the phone 102. A Local channel leads to the phone that it is named after, or to the one phone that its calls reached; if
// they reached several, to none. `Agent:1001` and other devices that are no phones lead to none.

import { parseChannelName } from '../call/asterisk/channelName.ts'
import type { PbxEvent } from '../call/event.ts'
import type { RoleOf } from '../call/outcome/direction.ts'

export interface MemberPhones {
  /** Notes which phone a Local channel dials. */
  apply(event: Extract<PbxEvent, { type: 'Dialed' }>): void
  /** Null if it leads to no phone, or to several. `isPhone`: whether a phone of this name exists. */
  phoneOf(member: string, isPhone: (name: string) => boolean): string | null
}

/** Local channels of dialplans that dial a number of the outside world have a name for each. */
const MOST = 5_000

export function createMemberPhones(roleOf: RoleOf): MemberPhones {
  /** The phone that each Local channel reached; null: several. */
  const reached = new Map<string, string | null>()
  return {
    apply({ caller, peer, status }) {
      if (caller === undefined || status !== 'trying') {
        return
      }
      const from = parseChannelName(caller.name)
      const to = parseChannelName(peer.name)
      if (from.kind !== 'local' || to.kind !== 'party' || roleOf(to.endpoint) !== 'phone') {
        return
      }
      const known = reached.get(from.endpoint)
      if (known === undefined && reached.size >= MOST) {
        return
      }
      reached.set(from.endpoint, known === undefined || known === to.endpoint ? to.endpoint : null)
    },
    phoneOf(member, isPhone) {
      const slash = member.indexOf('/')
      if (slash < 0 || member.startsWith('Agent/')) {
        return null
      }
      const resource = member.slice(slash + 1)
      if (!member.startsWith('Local/')) {
        return resource
      }
      const dialed = resource.replace(/\/[a-zA-Z]*$/, '')
      const named = dialed.split('@')[0] ?? dialed
      return isPhone(named) ? named : (reached.get(dialed) ?? null)
    },
  }
}
