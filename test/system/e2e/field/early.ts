// Who is connected before anybody has picked up: applications that bridge early for the tones, Dial with ringing tones,
// music or a carrier's announcement. A phone that only rings hears nobody; the answer is its pick-up.

import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, fromOutside, talkFor } from '../families/family.ts'
import { Control } from '../lab/control.ts'
import type { Outgoing } from '../lab/phones/phones.ts'
import { extension } from './config.ts'
import type { FieldCast, Flow, Names } from './flow.ts'

const TONES = 'the CDR counts who was only bridged for the tones'

const INBOUND = { direction: 'inbound', trunk: 'trunk-b' } as const

interface Early {
  readonly control: Control
  readonly call: Outgoing
  readonly caller: string
}

function stasis({ line, name }: Names): { readonly extensions: string } {
  return { extensions: extension(line, `Stasis(${name})`) }
}

/** A call from outside that an application has taken. */
async function taken(cast: FieldCast, how: 'answered' | 'ringing'): Promise<Early> {
  const control = await Control.open(cast.name)
  const call = cast.phones.call(fromOutside(cast, cast.line))
  const caller = await control.entered()
  await control.post(how === 'answered' ? `/channels/${caller}/answer` : `/channels/${caller}/ring`)
  return { control, call, caller }
}

/** The callee's channel, in one bridge with the caller before it is dialed. */
async function bridgedEarly({ control, caller }: Early, endpoint: string): Promise<string> {
  const callee = await control.create(`PJSIP/${endpoint}`, 'callee', { originator: caller })
  await control.entered('callee')
  await control.bridge('mixing', caller, callee)
  await control.dial(callee, { caller, timeout: '6' })
  return callee
}

export const EARLY: readonly Flow[] = [
  {
    name: 'ari-bridged-early-busy',
    config: stasis,
    async play(cast) {
      const early = await taken(cast, 'answered')
      const callee = await bridgedEarly(early, cast.a)
      const ringing = await cast.phones.rung(cast.a)
      await sleep(900)
      ringing.refuse('486 Busy Here')
      await early.control.left(callee)
      await early.control.remove('channels', early.caller)
      await (await early.call.answered).over
      early.control.close()
    },
    rows: ({ a, outside }) => [
      {
        ...{ ...INBOUND, disposition: 'busy', missed: 1, caller: outside, answered_by: [], hangup_by: 'callee' },
        legs: [`${a} busy`],
        differs: TONES,
      },
    ],
  },
  {
    name: 'ari-bridged-early-caller-leaves',
    config: stasis,
    async play(cast) {
      const early = await taken(cast, 'answered')
      const callee = await bridgedEarly(early, cast.a)
      const ringing = await cast.phones.rung(cast.a)
      await talkFor(await early.call.answered, 1200)
      await early.control.left(early.caller)
      await early.control.remove('channels', callee)
      await ringing.cancelled
      early.control.close()
    },
    rows: ({ a, outside }) => [
      {
        ...{ ...INBOUND, disposition: 'cancelled', missed: 1, caller: outside, answered_by: [], hangup_by: 'caller' },
        legs: [`${a} cancelled`],
        differs: TONES,
      },
    ],
  },
  {
    name: 'ari-bridged-early-picked-up-late',
    config: stasis,
    async play(cast) {
      const early = await taken(cast, 'answered')
      const callee = await bridgedEarly(early, cast.a)
      const phone = await cast.phones.picksUp(cast.a, 1800)
      await talkFor(phone, 1100)
      await early.control.left(callee)
      await early.control.remove('channels', early.caller)
      early.control.close()
    },
    rows: ({ a, outside }) => [
      { ...INBOUND, ...ANSWERED, caller: outside, answered_by: [a], hangup_by: 'callee', legs: [`${a} answered`] },
    ],
  },
  {
    name: 'ari-rings-the-caller-and-bridges-early',
    config: stasis,
    async play(cast) {
      const early = await taken(cast, 'ringing')
      const callee = await bridgedEarly(early, cast.a)
      const ringing = await cast.phones.rung(cast.a)
      await sleep(1200)
      ringing.answer()
      await early.control.next('the answer', ({ type, dialstatus }) => type === 'Dial' && dialstatus === 'ANSWER')
      await early.control.post(`/channels/${early.caller}/answer`)
      await talkFor(await early.call.answered, 1300)
      await early.control.left(early.caller)
      await early.control.remove('channels', callee)
      early.control.close()
    },
    rows: ({ a, outside }) => [
      { ...INBOUND, ...ANSWERED, caller: outside, answered_by: [a], hangup_by: 'caller', legs: [`${a} answered`] },
    ],
  },
  {
    name: 'ari-dials-first-bridges-while-it-rings',
    config: stasis,
    async play(cast) {
      const early = await taken(cast, 'answered')
      const { control, caller } = early
      const callee = await control.create(`PJSIP/${cast.a}`, 'callee', { originator: caller })
      await control.entered('callee')
      await control.dial(callee, { caller, timeout: '6' })
      const ringing = await cast.phones.rung(cast.a)
      await control.bridge('mixing', caller, callee)
      await sleep(1300)
      ringing.answer()
      await sleep(1200)
      await talkFor(await early.call.answered, 0)
      await control.left(caller)
      await control.remove('channels', callee)
      control.close()
    },
    rows: ({ a, outside }) => [
      { ...INBOUND, ...ANSWERED, caller: outside, answered_by: [a], hangup_by: 'caller', legs: [`${a} answered`] },
      { direction: 'internal', disposition: 'merged', missed: 0, caller: a, legs: [] },
    ],
  },
  {
    name: 'ari-two-bridged-early-one-picks-up',
    config: stasis,
    async play(cast) {
      const early = await taken(cast, 'answered')
      const { control, caller } = early
      const bridge = await control.bridge('mixing', caller)
      const callees = []
      for (const phone of [cast.a, cast.b]) {
        const callee = await control.create(`PJSIP/${phone}`, phone, { originator: caller })
        await control.entered(phone)
        await control.add(bridge, callee)
        await control.dial(callee, { caller, timeout: '6' })
        callees.push(callee)
      }
      const [one, other] = await Promise.all([cast.phones.rung(cast.a), cast.phones.rung(cast.b)])
      await sleep(1200)
      one.answer()
      await control.next('the answer', ({ type, dialstatus }) => type === 'Dial' && dialstatus === 'ANSWER')
      await control.hangUp(callees[1] ?? '', 'answered_elsewhere')
      await other.cancelled
      await talkFor(await early.call.answered, 1300)
      await control.left(caller)
      await control.remove('channels', callees[0] ?? '')
      control.close()
    },
    rows: ({ a, b, outside }) => [
      {
        ...{ ...INBOUND, ...ANSWERED, caller: outside, answered_by: [a], hangup_by: 'caller' },
        legs: [`${a} answered`, `${b} answered_elsewhere`],
      },
    ],
  },
  {
    name: 'ari-carrier-announces-and-nobody-picks-up',
    config: stasis,
    async play(cast) {
      const control = await Control.open(cast.name)
      const call = cast.phones.call({ from: cast.a, to: cast.line })
      const caller = await control.entered()
      await control.post(`/channels/${caller}/answer`)
      const early = { control, call, caller }
      const callee = await bridgedEarly(early, `${cast.outside}@trunk-b`)
      const ringing = await cast.phones.rung(cast.outside)
      ringing.progress()
      await sleep(1500)
      ringing.refuse('480 Temporarily Unavailable')
      await control.left(callee)
      await control.remove('channels', caller)
      control.close()
    },
    rows: ({ a }) => [
      {
        ...{ direction: 'outbound', disposition: 'no_answer', missed: 0, caller: a, answered_by: [] },
        ...{ trunk: 'trunk-b', hangup_by: 'system', legs: ['trunk-b no_answer'], differs: TONES },
      },
    ],
  },
  ...[
    { how: 'ringing-tone', option: 'r' },
    { how: 'music', option: 'm' },
  ].map(
    ({ how, option }): Flow => ({
      name: `dial-with-${how}-picked-up-late`,
      config: ({ a, line }) => ({ extensions: extension(line, 'Answer()', `Dial(PJSIP/${a},8,${option})`) }),
      async play(cast) {
        const call = cast.phones.call(fromOutside(cast, cast.line))
        await cast.phones.picksUp(cast.a, 1800)
        await talkFor(await call.answered, 1200)
      },
      rows: ({ a, outside }) => [
        { ...INBOUND, ...ANSWERED, caller: outside, answered_by: [a], hangup_by: 'caller', legs: [`${a} answered`] },
      ],
    }),
  ),
  {
    name: 'dial-with-music-nobody-picks-up',
    config: ({ a, line }) => ({ extensions: extension(line, 'Answer()', `Dial(PJSIP/${a},2,m)`) }),
    async play(cast) {
      await (await cast.phones.call(fromOutside(cast, cast.line)).answered).over
    },
    rows: ({ a, outside }) => [
      {
        ...{ ...INBOUND, disposition: 'no_answer', missed: 1, caller: outside, answered_by: [], hangup_by: 'system' },
        legs: [`${a} no_answer`],
      },
    ],
  },
  {
    name: 'dial-carrier-announces-then-somebody-picks-up',
    async play({ phones, a, outside }) {
      const call = phones.call({ from: a, to: `48${outside}` })
      const ringing = await phones.rung(outside)
      ringing.progress()
      await sleep(1500)
      ringing.answer()
      await talkFor(await call.answered, 1000)
    },
    rows: ({ a }) => [
      {
        ...{ ...ANSWERED, direction: 'outbound', caller: a, trunk: 'trunk-b', answered_by: ['trunk-b'] },
        ...{ hangup_by: 'caller', legs: ['trunk-b answered'] },
      },
    ],
  },
  {
    name: 'dial-carrier-announces-and-refuses',
    async play({ phones, a, outside }) {
      const call = phones.call({ from: a, to: `48${outside}` })
      const ringing = await phones.rung(outside)
      ringing.progress()
      await sleep(1200)
      ringing.refuse('486 Busy Here')
      await call.refused
    },
    rows: ({ a }) => [
      {
        ...{ direction: 'outbound', disposition: 'busy', missed: 0, caller: a, trunk: 'trunk-b', answered_by: [] },
        ...{ hangup_by: 'callee', legs: ['trunk-b busy'] },
      },
    ],
  },
]
