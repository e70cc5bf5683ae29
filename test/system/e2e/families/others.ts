// Calls that reach nobody, or only the PBX itself; from trunk to trunk; and a reload of everything in mid-call.

import { setTimeout as sleep } from 'node:timers/promises'
import { ami } from '../lab/ami.ts'
import { cli } from '../lab/asterisk.ts'
import { channelOf } from '../lab/bridged.ts'
import { ANSWERED, type Family, fromOutside, talkFor } from './family.ts'

export const OTHERS: readonly Family[] = [
  {
    name: 'voicemail after no answer',
    async play({ phones, a, b }) {
      const call = phones.call({ from: a, to: `45${b}` })
      await talkFor(await call.answered, 2000)
      return undefined
    },
    legs: ({ b }) => [`${b} no_answer`],
    rows: ({ a }) => [{ direction: 'internal', disposition: 'voicemail', missed: 1, caller: a, hangup_by: 'caller' }],
  },
  {
    name: 'early media, and a refusal',
    async play({ phones, a }) {
      await phones.call({ from: a, to: '502' }).refused
      return undefined
    },
    rows: ({ a }) => [{ direction: 'internal', disposition: 'rejected', missed: 0, caller: a, hangup_by: 'system' }],
  },
  {
    name: 'of two phones one is busy, and the other lets it ring',
    async play({ phones, a, b, c }) {
      const call = phones.call({ from: c, to: `39${a}` })
      const [busy] = await Promise.all([phones.rung(a), phones.rung(b)])
      busy.refuse('486 Busy Here')
      await call.refused
      return undefined
    },
    legs: ({ a, b }) => [`${a} busy`, `${b} no_answer`],
    rows: ({ c }) => [{ direction: 'internal', disposition: 'no_answer', missed: 1, caller: c, hangup_by: 'system' }],
  },
  {
    name: 'one phone hangs up, and the next is called',
    async play({ phones, a, b, c }) {
      const call = phones.call({ from: c, to: `40${a}` })
      await talkFor(await phones.picksUp(a, 300), 700)
      await phones.picksUp(b, 500)
      await talkFor(await call.answered, 700)
      return undefined
    },
    rows: ({ a, c }) => [{ ...ANSWERED, direction: 'internal', caller: c, answered_by: [a], hangup_by: 'caller' }],
  },
  {
    name: 'cut by the PBX after a second',
    async play({ phones, a, b }) {
      const call = phones.call({ from: a, to: `38${b}` })
      await phones.picksUp(b, 300)
      await (await call.answered).over
      return undefined
    },
    rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], hangup_by: 'system' }],
    billsec: true,
  },
  {
    name: 'hung up by AMI',
    async play({ phones, a, b }) {
      const call = phones.call({ from: a, to: b })
      await phones.picksUp(b, 300)
      const caller = await call.answered
      await sleep(600)
      await ami({ Action: 'Hangup', Channel: (await channelOf(a)).name })
      await caller.over
      return undefined
    },
    rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], hangup_by: 'system' }],
    billsec: true,
  },
  {
    name: 'sent elsewhere by AMI',
    async play({ phones, a, b, c }) {
      const call = phones.call({ from: a, to: b })
      await phones.picksUp(b, 300)
      const caller = await call.answered
      await sleep(600)
      const { name } = await channelOf(a)
      await ami({ Action: 'Redirect', Channel: name, Context: 'cast', Exten: c, Priority: '1' })
      await phones.picksUp(c, 500)
      await talkFor(caller, 800)
      return undefined
    },
    rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], hangup_by: 'caller' }],
  },
  {
    name: 'a call to two phones, picked up by a third',
    async play({ phones, a, b, c, d }) {
      const call = phones.call({ from: d, to: `39${a}` })
      await Promise.all([phones.rung(a), phones.rung(b)])
      await sleep(500)
      const colleague = await phones.call({ from: c, to: `49${b}` }).answered
      await talkFor(await call.answered, 800)
      await colleague.over
      return undefined
    },
    legs: ({ a, b, c }) => [`${a} answered_elsewhere`, `${b} answered_elsewhere`, `${c} answered`],
    rows: ({ c, d }) => [
      { ...ANSWERED, direction: 'internal', caller: d, answered_by: [c], hangup_by: 'caller' },
      { direction: 'internal', disposition: 'merged', missed: 0, caller: c },
    ],
  },
  {
    name: 'from trunk to trunk',
    async play(cast) {
      const call = cast.phones.call({ from: '0711', to: `48${cast.outside}`, trunk: 'trunk-b' })
      await cast.phones.picksUp(cast.outside, 500)
      await talkFor(await call.answered, 1000)
      return undefined
    },
    rows: () => [{ ...ANSWERED, direction: 'transit', caller: '0711', answered_by: ['trunk-b'], hangup_by: 'caller' }],
    billsec: true,
  },
  {
    name: 'Busy() in the dialplan',
    async play({ phones, a }) {
      await phones.call({ from: a, to: '503' }).refused
      return undefined
    },
    rows: ({ a }) => [{ direction: 'internal', disposition: 'busy', missed: 0, caller: a, hangup_by: 'system' }],
  },
  {
    name: 'Congestion() in the dialplan',
    async play({ phones, a }) {
      await phones.call({ from: a, to: '504' }).refused
      return undefined
    },
    rows: ({ a }) => [{ direction: 'internal', disposition: 'congestion', missed: 0, caller: a, hangup_by: 'system' }],
  },
  {
    name: 'a menu, left by the caller',
    async play(cast) {
      await talkFor(await cast.phones.call(fromOutside(cast, '501')).answered, 800)
      return undefined
    },
    rows: ({ outside }) => [
      { direction: 'inbound', disposition: 'self_service', missed: 0, caller: outside, hangup_by: 'caller' },
    ],
  },
]

/** Played when nothing else goes on: it touches everything. */
export const RELOAD: Family = {
  name: 'everything is reloaded in mid-call',
  async play({ phones, a, b }) {
    const call = phones.call({ from: a, to: b })
    await phones.picksUp(b, 300)
    const caller = await call.answered
    await sleep(300)
    await cli('core reload')
    await talkFor(caller, 700)
    return undefined
  },
  rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], hangup_by: 'caller' }],
  billsec: true,
}
