// Calls that change hands or meet others: parked, fetched, picked up, in a conference, through Local channels.

import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, type Cast, connect, type Family, fromOutside, talkFor } from './family.ts'

const MERGED = { direction: 'internal', disposition: 'merged', missed: 0 } as const

async function parked({ phones, a, b }: Cast, lot: string): Promise<{ readonly over: Promise<void> }> {
  const { caller, callee } = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
  await sleep(800)
  await callee.transfer(lot)
  return caller
}

export const TOGETHER: readonly Family[] = [
  {
    name: 'parked and fetched',
    async play(cast) {
      const caller = await parked(cast, '700')
      await sleep(1000)
      const fetched = await cast.phones.call({ from: cast.c, to: '701' }).answered
      await talkFor(fetched, 1000)
      await caller.over
      return undefined
    },
    rows: ({ a, b, c }) => [
      { ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [b], transfers: 1, hangup_by: 'callee' },
      { ...MERGED, caller: c },
    ],
  },
  {
    name: 'parked and forgotten',
    async play(cast) {
      const caller = await parked(cast, '710')
      await caller.over
      return undefined
    },
    rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1 }],
  },
  {
    name: 'parked, and back with the one who parked it',
    async play(cast) {
      const caller = await parked(cast, '720')
      const again = await cast.phones.picksUp(cast.b, 500)
      await talkFor(again, 800)
      await caller.over
      return undefined
    },
    legs: ({ b }) => [`${b} answered`, `${b} answered`],
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1, hangup_by: 'callee' },
    ],
  },
  {
    name: 'parked, and left by the caller',
    async play(cast) {
      const { phones, a, b } = cast
      const { caller, callee } = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(800)
      await callee.transfer('730')
      await talkFor(caller, 500)
      return undefined
    },
    rows: ({ a, b }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], transfers: 1, hangup_by: 'caller' },
    ],
  },
  {
    name: 'picked up by a colleague',
    async play({ phones, a, b, c }) {
      const call = phones.call({ from: a, to: b })
      const ringing = await phones.rung(b)
      await sleep(800)
      const colleague = await phones.call({ from: c, to: `46${b}` }).answered
      const caller = await call.answered
      await ringing.cancelled
      await talkFor(caller, 1000)
      await colleague.over
      return undefined
    },
    legs: ({ b, c }) => [`${b} answered_elsewhere`, `${c} answered`],
    rows: ({ a, b, c }) => [
      { ...ANSWERED, direction: 'internal', caller: a, callee: b, answered_by: [c], hangup_by: 'caller' },
      { ...MERGED, caller: c },
    ],
  },
  {
    name: 'a conference of three',
    async play(cast) {
      const { phones, a, b } = cast
      const one = await phones.call({ from: a, to: '500' }).answered
      await sleep(500)
      const two = await phones.call({ from: b, to: '500' }).answered
      await sleep(500)
      const three = await phones.call(fromOutside(cast, '500')).answered
      await talkFor(three, 800)
      await talkFor(two, 300)
      await talkFor(one, 300)
      return undefined
    },
    rows: ({ a, b, outside }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [], hangup_by: 'caller' },
      { ...ANSWERED, direction: 'internal', caller: b, answered_by: [], hangup_by: 'caller' },
      { ...ANSWERED, direction: 'inbound', caller: outside, answered_by: [], hangup_by: 'caller' },
    ],
  },
  ...[
    { how: 'a Local channel that stays', prefix: '42' },
    { how: 'a Local channel that goes away', prefix: '43' },
    { how: 'a Dial that also names a phone that is not registered', prefix: '44', billsec: true as const },
  ].map(
    ({ how, prefix, ...more }): Family => ({
      name: `through ${how}`,
      async play({ phones, a, b }) {
        const call = phones.call({ from: a, to: `${prefix}${b}` })
        await phones.picksUp(b, 600)
        await talkFor(await call.answered, 1000)
        return undefined
      },
      rows: ({ a, b }) => [{ ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], hangup_by: 'caller' }],
      ...more,
    }),
  ),
]
