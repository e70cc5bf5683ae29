// Who is joined with somebody, taken out of a queue by a colleague, parked and fetched, or handed on by an application.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, fromOutside, talkFor } from '../families/family.ts'
import { ami } from '../lab/ami.ts'
import { Control } from '../lab/control.ts'
import { extension, queue } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'
import { channelOf } from './operatorPanel.ts'

const outside = (names: Names): Pick<Meant, 'direction' | 'caller' | 'trunk' | 'missed'> => ({
  ...{ direction: 'inbound', caller: names.outside, trunk: 'trunk-b', missed: 0 },
})
const answered = { disposition: 'answered', hangup_by: 'caller' } as const
const merged = { direction: 'internal', disposition: 'merged', missed: 0, legs: [] } as const

const TOGETHER: readonly Flow[] = [
  {
    name: 'ami-bridge-of-two-talks',
    async play(cast) {
      const { phones, b, c } = cast
      const { caller, callee } = await connect(phones, fromOutside(cast, cast.a), { by: cast.a, afterMs: 300 })
      await sleep(900)
      const other = await connect(phones, { from: c, to: b }, { by: b, afterMs: 300 })
      await sleep(600)
      await ami({ Action: 'Bridge', Channel1: await channelOf(cast.outside), Channel2: await channelOf(c) })
      await Promise.all([callee.over, other.callee.over])
      await talkFor(caller, 900)
      await other.caller.over
    },
    // Nobody transferred anybody: the older call goes on.
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.a] },
        legs: [`${names.a} answered`, `${names.b} answered`],
      },
      { ...merged, caller: names.c, callee: names.b },
    ],
  },
  {
    name: 'picked-up-from-a-queue-in-early-media',
    config: ({ a, b, line, name }) => ({
      extensions: extension(line, `Queue(${name},,,,8)`) + extension(`${line}1`, `PickupChan(PJSIP/${a},p)`),
      queues: queue(name, [`PJSIP/${a}`, `PJSIP/${b}`]),
    }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      await Promise.all([cast.phones.rung(cast.a), cast.phones.rung(cast.b)])
      await sleep(900)
      await cast.phones.call({ from: cast.c, to: `${cast.line}1` }).answered
      await talkFor(await call.answered, 900)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.c], queue: names.name },
        legs: [`${names.a} answered_elsewhere`, `${names.b} answered_elsewhere`],
      },
      { ...merged, caller: names.c },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'parked-after-a-queue-and-fetched',
    config: ({ a, line, name }) => ({
      extensions: extension(line, 'Answer()', `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${a}`]),
      res_parking: `[${name}]\ncontext = field\nparkext = ${line}70\nparkext_exclusive = yes\nparkpos = ${line}71-${line}75\nparkingtime = 10\n`,
    }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      await cast.phones.picksUp(cast.a, 700)
      const caller = await call.answered
      await sleep(700)
      await ami({ Action: 'Park', Channel: await channelOf(cast.outside), Parkinglot: cast.name })
      await sleep(900)
      const colleague = await cast.phones.call({ from: cast.b, to: `${cast.line}71` }).answered
      await talkFor(caller, 900)
      await colleague.over
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.a], queue: names.name },
        legs: [`${names.a} answered`],
      },
      { ...merged, caller: names.b },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
]

/** An application takes the caller, and hands the call on to the queue of the flow. */
const handed = (
  name: string,
  end: (cast: FieldCast, caller: { readonly hangUp: () => Promise<void> }) => Promise<void>,
  meant: (names: Names) => Partial<Meant> & Pick<Meant, 'disposition' | 'legs'>,
): Flow => ({
  name,
  config: ({ a, line, name: own }) => ({
    extensions: extension(line, 'Answer()', `Stasis(${own})`) + extension(`${line}1`, `Queue(${own},,,,8)`),
    queues: queue(own, [`PJSIP/${a}`]),
  }),
  async play(cast) {
    const control = await Control.open(cast.name)
    const call = cast.phones.call(fromOutside(cast, cast.line))
    const channel = await control.entered()
    await sleep(500)
    await control.post(`/channels/${channel}/continue`, { context: 'cast', extension: `${cast.line}1`, priority: '1' })
    await end(cast, await call.answered)
    control.close()
  },
  rows: (names) => [{ ...outside(names), hangup_by: 'caller', queue: names.name, ...meant(names) }],
  stays: ({ name: own }) => [{ queue: own, outcome: name.endsWith('answered') ? 'answered' : 'abandoned' }],
})

const HANDED: readonly Flow[] = [
  handed(
    'ari-continue-into-a-queue-answered',
    async ({ phones, a }, caller) => {
      await phones.picksUp(a, 900)
      await talkFor(caller, 900)
    },
    ({ a }) => ({ disposition: 'answered', answered_by: [a], legs: [`${a} answered`] }),
  ),
  handed(
    'ari-continue-into-a-queue-abandoned',
    async ({ phones, a }, caller) => {
      await phones.rung(a)
      await talkFor(caller, 1200)
    },
    ({ a }) => ({ disposition: 'abandoned', missed: 1, answered_by: [], legs: [`${a} cancelled`] }),
  ),
]

export const JOINED: readonly Flow[] = [...TOGETHER, ...HANDED]
