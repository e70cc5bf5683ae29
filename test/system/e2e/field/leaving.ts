// The caller hangs up, and their channel still carries somebody else's refusal, or a Reason header says something else.
//
// Who hangs up has hung up, whatever cause is remembered; a phone that was cancelled is cancelled. Only Busy and Congestion
// refuse on the PBX's behalf.

import { setTimeout as sleep } from 'node:timers/promises'
import { fromOutside, talkFor } from '../families/family.ts'
import { extension, queue } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'

const LEFT = { missed: 1, answered_by: [], hangup_by: 'caller' } as const

const outside = (names: Names): Pick<Meant, 'direction' | 'caller' | 'trunk'> => ({
  ...{ direction: 'inbound', caller: names.outside, trunk: 'trunk-b' },
})

/** The phone rings shortly, and refuses. */
async function refuses({ phones }: FieldCast, phone: string, status: string): Promise<void> {
  const ringing = await phones.rung(phone)
  await sleep(300)
  ringing.refuse(status)
}

// A refusal that is remembered while the caller waits in a queue: whether the PBX had answered before it or not.
const THEN_QUEUE: readonly Flow[] = [
  { status: '486 Busy Here', result: 'busy', answers: true },
  { status: '603 Decline', result: 'rejected', answers: false },
  { status: '404 Not Found', result: 'invalid_number', answers: true },
  { status: '403 Forbidden', result: 'rejected', answers: true },
  { status: '503 Service Unavailable', result: 'congestion', answers: false },
].map(({ status, result, answers }) => ({
  name: `leaving-a-queue-after-${status.slice(0, 3)}${answers ? '' : '-unanswered'}`,
  config: ({ a, b, c, line, name }) => ({
    extensions: extension(line, ...(answers ? ['Answer()'] : []), `Dial(PJSIP/${a},3)`, `Queue(${name},,,,8)`),
    queues: queue(name, [`PJSIP/${b}`, `PJSIP/${c}`]),
  }),
  async play(cast) {
    const call = cast.phones.call(fromOutside(cast, cast.line))
    await refuses(cast, cast.a, status)
    const agents = await Promise.all([cast.phones.rung(cast.b), cast.phones.rung(cast.c)])
    await sleep(1200)
    if (answers) {
      await (await call.answered).hangUp()
    } else {
      call.giveUp()
    }
    await Promise.all(agents.map(({ cancelled }) => cancelled))
  },
  rows: (names) => [
    {
      ...{ ...outside(names), ...LEFT, disposition: 'abandoned', queue: names.name },
      legs: [`${names.a} ${result}`, `${names.b} cancelled`, `${names.c} cancelled`],
    },
  ],
  stays: ({ name }) => [{ queue: name, outcome: 'abandoned' }],
}))

/** One refuses, then these steps; the caller hangs up so long after the refusal. */
function afterRefusal(
  name: string,
  status: string,
  after: { readonly steps: readonly string[]; readonly result: string } & Partial<Meant>,
): Flow {
  const { steps, result, ...row } = after
  return {
    name,
    config: ({ a, line }) => ({ extensions: extension(line, 'Answer()', `Dial(PJSIP/${a},3)`, ...steps) }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      await refuses(cast, cast.a, status)
      await talkFor(await call.answered, 1800)
    },
    rows: (names) => [{ ...outside(names), ...LEFT, disposition: 'cancelled', legs: [`${names.a} ${result}`], ...row }],
  }
}

const THEN_ALONE: readonly Flow[] = [
  afterRefusal('leaving-a-menu-after-busy', '486 Busy Here', { steps: ['Read(KEY,beep,1,,1,8)'], result: 'busy' }),
  afterRefusal('leaving-an-announcement-after-600', '600 Busy Everywhere', {
    ...{ steps: ['Playback(beep)', 'Wait(8)'], result: 'busy' },
  }),
  afterRefusal('leaving-voicemail-after-declined', '603 Decline', {
    ...{ steps: ['VoiceMail(100,s)'], result: 'rejected', disposition: 'voicemail' },
  }),
  afterRefusal('leaving-a-tone-after-busy', '486 Busy Here', {
    ...{ steps: ['Playtones(425/480,0/480)', 'Wait(8)'], result: 'busy' },
  }),
  // The PBX has passed on what the callee said: what the caller does then changes nothing.
  afterRefusal('leaving-inside-busy', '486 Busy Here', {
    ...{ steps: ['Busy(8)'], result: 'busy', disposition: 'busy', hangup_by: 'callee' },
  }),
]

const THEN_NEXT_PHONE: readonly Flow[] = [
  { name: 'leaving-the-next-phone-after-declined', status: '603 Decline', result: 'rejected', answers: true },
  { name: 'leaving-the-next-phone-after-busy-unanswered', status: '486 Busy Here', result: 'busy', answers: false },
].map(({ name, status, result, answers }) => ({
  name,
  config: ({ a, b, line }) => ({
    extensions: extension(line, ...(answers ? ['Answer()'] : []), `Dial(PJSIP/${a},3)`, `Dial(PJSIP/${b},8)`),
  }),
  async play(cast) {
    const call = cast.phones.call(fromOutside(cast, cast.line))
    await refuses(cast, cast.a, status)
    const ringing = await cast.phones.rung(cast.b)
    await sleep(900)
    if (answers) {
      await (await call.answered).hangUp()
    } else {
      call.giveUp()
    }
    await ringing.cancelled
  },
  rows: (names) => [
    {
      ...{ ...outside(names), ...LEFT, disposition: 'cancelled' },
      legs: [`${names.a} ${result}`, `${names.b} cancelled`],
    },
  ],
}))

// Refused on the PBX's behalf: that is no act of the caller.
const TURNED_AWAY: readonly Flow[] = [
  { name: 'turned-away-by-busy', status: '486 Busy Here', step: 'Busy(1)', result: 'busy' },
  {
    name: 'turned-away-by-congestion-after-declined',
    status: '603 Decline',
    step: 'Congestion(1)',
    result: 'rejected',
  },
].map(({ name, status, step, result }) => ({
  name,
  config: ({ a, line }) => ({ extensions: extension(line, `Dial(PJSIP/${a},3)`, step) }),
  async play(cast) {
    const call = cast.phones.call(fromOutside(cast, cast.line))
    await refuses(cast, cast.a, status)
    await call.refused
  },
  rows: (names) => [
    { ...outside(names), disposition: result, missed: 1, answered_by: [], legs: [`${names.a} ${result}`] },
  ],
}))

const OTHERS: readonly Flow[] = [
  {
    name: 'cause-set-by-the-dialplan-before-a-phone-rings',
    config: ({ a, line }) => ({ extensions: extension(line, 'Set(HANGUPCAUSE=17)', `Dial(PJSIP/${a},8)`) }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const ringing = await cast.phones.rung(cast.a)
      await sleep(700)
      call.giveUp()
      await ringing.cancelled
    },
    rows: (names) => [{ ...outside(names), ...LEFT, disposition: 'cancelled', legs: [`${names.a} cancelled`] }],
  },
  {
    name: 'agent-busy-then-queue-abandoned',
    config: ({ a, b, line, name }) => ({
      extensions: extension(line, 'Answer()', `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${a}`, `PJSIP/${b}`]),
    }),
    async play(cast) {
      const caller = await cast.phones.call(fromOutside(cast, cast.line)).answered
      const other = await cast.phones.rung(cast.b)
      await refuses(cast, cast.a, '486 Busy Here')
      await talkFor(caller, 1200)
      await other.cancelled
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...LEFT, disposition: 'abandoned', queue: names.name },
        legs: [`${names.a} busy`, `${names.b} cancelled`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'abandoned' }],
  },
  {
    name: 'busy-then-queue-answers-and-caller-hangs-up',
    config: ({ a, b, line, name }) => ({
      extensions: extension(line, 'Answer()', `Dial(PJSIP/${a},3)`, `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${b}`]),
    }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      await refuses(cast, cast.a, '486 Busy Here')
      await cast.phones.picksUp(cast.b, 1000)
      await talkFor(await call.answered, 900)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...LEFT, disposition: 'answered', missed: 0, answered_by: [names.b] },
        ...{ queue: names.name, legs: [`${names.a} busy`, `${names.b} answered`] },
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
]

export const LEAVING: readonly Flow[] = [...THEN_QUEUE, ...THEN_ALONE, ...THEN_NEXT_PHONE, ...TURNED_AWAY, ...OTHERS]
