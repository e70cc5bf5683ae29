// What carriers write into BYE and CANCEL (RFC 3326): a Reason header changes nothing of who hung up, and a phone that was
// cancelled is cancelled, whatever cause Asterisk copies onto it.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, fromOutside } from '../families/family.ts'
import { extension, queue } from './config.ts'
import type { Flow, Meant, Names } from './flow.ts'

const LEFT = { missed: 1, answered_by: [], hangup_by: 'caller' } as const
const BUSY = 'Q.850;cause=17;text="User busy"'
const CLEARED = 'Q.850;cause=16;text="Normal call clearing"'
const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'

const outside = (names: Names): Pick<Meant, 'direction' | 'caller' | 'trunk'> => ({
  ...{ direction: 'inbound', caller: names.outside, trunk: 'trunk-b' },
})

const WITH_REASON_IN_QUEUE: readonly Flow[] = [
  { name: 'reason-17-on-bye-in-a-queue', reason: BUSY },
  { name: 'reason-16-on-bye-in-a-queue', reason: CLEARED },
  { name: 'reason-21-on-bye-in-a-queue', reason: 'Q.850;cause=21' },
].map(({ name, reason }) => ({
  name,
  config: ({ a, line, name: own }) => ({
    extensions: extension(line, 'Answer()', `Queue(${own},,,,8)`),
    queues: queue(own, [`PJSIP/${a}`]),
  }),
  async play(cast) {
    const caller = await cast.phones.call(fromOutside(cast, cast.line)).answered
    const agent = await cast.phones.rung(cast.a)
    await sleep(1200)
    await caller.hangUp(reason)
    await agent.cancelled
  },
  rows: (names) => [
    {
      ...{ ...outside(names), ...LEFT, disposition: 'abandoned', queue: names.name },
      legs: [`${names.a} cancelled`],
    },
  ],
  stays: ({ name: own }) => [{ queue: own, outcome: 'abandoned' }],
}))

const WITH_REASON_ON_CANCEL: readonly Flow[] = [
  { name: 'reason-elsewhere-on-cancel', reason: ELSEWHERE },
  { name: 'reason-16-on-cancel', reason: CLEARED },
  { name: 'reason-17-on-cancel', reason: BUSY },
  { name: 'reason-1-on-cancel', reason: 'Q.850;cause=1' },
].map(({ name, reason }) => ({
  name,
  config: ({ a, b, line }) => ({ extensions: extension(line, `Dial(PJSIP/${a}&PJSIP/${b},8)`) }),
  async play(cast) {
    const call = cast.phones.call(fromOutside(cast, cast.line))
    const ringing = await Promise.all([cast.phones.rung(cast.a), cast.phones.rung(cast.b)])
    await sleep(700)
    call.giveUp(reason)
    await Promise.all(ringing.map(({ cancelled }) => cancelled))
  },
  rows: (names) => [
    {
      ...{ ...outside(names), ...LEFT, disposition: 'cancelled' },
      legs: [`${names.a} cancelled`, `${names.b} cancelled`],
    },
  ],
}))

const OTHERS: readonly Flow[] = [
  {
    name: 'reason-17-on-cancel-of-a-group-of-locals',
    config: ({ a, b, line, name }) => ({
      extensions: extension(line, `Dial(Local/${a}@${name}/n&Local/${b}@${name}/n,8)`),
      contexts: `[${name}]\n${extension('_7XXXX', `Dial(PJSIP/\${EXTEN},8)`)}`,
    }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const ringing = await Promise.all([cast.phones.rung(cast.a), cast.phones.rung(cast.b)])
      await sleep(700)
      call.giveUp(BUSY)
      await Promise.all(ringing.map(({ cancelled }) => cancelled))
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...LEFT, disposition: 'cancelled' },
        legs: [`${names.a} cancelled`, `${names.b} cancelled`],
      },
    ],
  },
  {
    name: 'reason-17-on-bye-of-a-talk',
    async play(cast) {
      const { caller } = await connect(cast.phones, fromOutside(cast, cast.a), { by: cast.a, afterMs: 300 })
      await sleep(900)
      await caller.hangUp(BUSY)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...LEFT, disposition: 'answered', missed: 0, answered_by: [names.a] },
        legs: [`${names.a} answered`],
      },
    ],
  },
  {
    name: 'reason-16-on-cancel-of-an-outbound-call',
    config: ({ line, other }) => ({ extensions: extension(line, `Dial(PJSIP/${other}@trunk-b,8)`) }),
    async play({ phones, a, line, other }) {
      const call = phones.call({ from: a, to: line })
      const ringing = await phones.rung(other)
      await sleep(700)
      call.giveUp(CLEARED)
      await ringing.cancelled
    },
    rows: ({ a }) => [
      {
        ...{ ...LEFT, direction: 'outbound', disposition: 'cancelled', missed: 0, caller: a, trunk: 'trunk-b' },
        legs: ['trunk-b cancelled'],
      },
    ],
  },
]

export const REASONS: readonly Flow[] = [...WITH_REASON_IN_QUEUE, ...WITH_REASON_ON_CANCEL, ...OTHERS]
