// Calls that an operator's panel (AMI) redirects, and what follows.
//
// The first application after a Redirect counts like any other: the caller waits in a queue, or reaches voicemail.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, fromOutside, talkFor } from '../families/family.ts'
import { extension, queue } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'
import { redirect, redirectBoth } from './operatorPanel.ts'

const TAKEN_OUT = 'queue_log says ABANDON of a caller who is taken out of a queue, but the caller did not hang up'
const outside = (names: Names): Pick<Meant, 'direction' | 'caller' | 'trunk' | 'missed'> => ({
  ...{ direction: 'inbound', caller: names.outside, trunk: 'trunk-b', missed: 0 },
})
const answered = { disposition: 'answered', hangup_by: 'caller' } as const

/** The outside caller talks with phone `a`. */
async function talk(cast: FieldCast): ReturnType<typeof connect> {
  const ends = await connect(cast.phones, fromOutside(cast, cast.a), { by: cast.a, afterMs: 300 })
  await sleep(900)
  return ends
}

/** The outside caller waits in the queue of the flow's line, and the agent `a` rings. */
async function wait(cast: FieldCast): ReturnType<FieldCast['phones']['call']>['answered'] {
  const caller = await cast.phones.call(fromOutside(cast, cast.line)).answered
  await cast.phones.rung(cast.a)
  await sleep(900)
  return caller
}

/** The line leads to a queue with agent `a`, and the line with a 1 behind it to whatever else. */
const waitingThen =
  (step: (names: Names) => string) =>
  (names: Names): ReturnType<NonNullable<Flow['config']>> => ({
    extensions:
      extension(names.line, 'Answer()', `Queue(${names.name},,,,9)`) + extension(`${names.line}1`, step(names)),
    queues: queue(names.name, [`PJSIP/${names.a}`]) + queue(`${names.name}-next`, [`PJSIP/${names.b}`]),
  })

const TALKING: readonly Flow[] = [
  {
    name: 'redirect-talking-to-queue-answered',
    config: ({ b, line, name }) => ({
      extensions: extension(line, `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${b}`]),
    }),
    async play(cast) {
      const { caller } = await talk(cast)
      await redirect(cast.outside, cast.line)
      await cast.phones.picksUp(cast.b, 1000)
      await talkFor(caller, 900)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.a], queue: names.name },
        legs: [`${names.a} answered`, `${names.b} answered`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'redirect-talking-to-queue-abandoned',
    config: ({ b, line, name }) => ({
      extensions: extension(line, `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${b}`]),
    }),
    async play(cast) {
      const { caller } = await talk(cast)
      await redirect(cast.outside, cast.line)
      await cast.phones.rung(cast.b)
      await talkFor(caller, 1200)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.a], queue: names.name },
        legs: [`${names.a} answered`, `${names.b} cancelled`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'abandoned' }],
  },
  {
    name: 'redirect-talking-to-queue-times-out',
    config: ({ b, line, name }) => ({
      extensions: extension(line, `Queue(${name},,,,2)`),
      queues: queue(name, [`PJSIP/${b}`]),
    }),
    async play(cast) {
      const { caller } = await talk(cast)
      await redirect(cast.outside, cast.line)
      await caller.over
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.a], hangup_by: 'system', queue: names.name },
        legs: [`${names.a} answered`, `${names.b} no_answer`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'timeout' }],
  },
  {
    name: 'redirect-talking-to-voicemail',
    config: ({ line }) => ({ extensions: extension(line, 'VoiceMail(100,s)') }),
    async play(cast) {
      const { caller } = await talk(cast)
      await redirect(cast.outside, cast.line)
      await talkFor(caller, 1200)
    },
    rows: (names) => [{ ...outside(names), ...answered, answered_by: [names.a], legs: [`${names.a} answered`] }],
  },
  {
    name: 'redirect-both-sides-to-a-conference',
    config: ({ line, name }) => ({ extensions: extension(line, `ConfBridge(${name})`) }),
    async play(cast) {
      const { caller, callee } = await talk(cast)
      await redirectBoth([cast.outside, cast.line], [cast.a, cast.line])
      await sleep(1200)
      await caller.hangUp()
      await talkFor(callee, 300)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), disposition: 'answered', answered_by: [names.a] },
        legs: [`${names.a} answered`],
      },
    ],
  },
  {
    name: 'redirect-both-sides-caller-to-queue',
    config: ({ b, line, name }) => ({
      extensions: extension(line, `Queue(${name},,,,8)`) + extension(`${line}1`, 'Playback(beep)'),
      queues: queue(name, [`PJSIP/${b}`]),
    }),
    async play(cast) {
      const { caller, callee } = await talk(cast)
      await redirectBoth([cast.outside, cast.line], [cast.a, `${cast.line}1`])
      await callee.over
      await cast.phones.picksUp(cast.b, 900)
      await talkFor(caller, 900)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.a], queue: names.name },
        legs: [`${names.a} answered`, `${names.b} answered`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
]

const AGENT_AWAY: readonly Flow[] = [
  {
    name: 'redirect-agent-away-and-caller-to-the-next-phone',
    config: ({ a, b, line }) => ({
      extensions:
        extension(line, `Dial(PJSIP/${a},3,g)`, `Dial(PJSIP/${b},5)`) + extension(`${line}1`, 'Playback(beep)'),
    }),
    async play(cast) {
      const dialing = fromOutside(cast, cast.line)
      const { caller, callee } = await connect(cast.phones, dialing, { by: cast.a, afterMs: 300 })
      await sleep(900)
      await redirect(cast.a, `${cast.line}1`)
      await cast.phones.picksUp(cast.b, 600)
      await callee.over
      await talkFor(caller, 900)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.a] },
        legs: [`${names.a} answered`, `${names.b} answered`],
      },
    ],
  },
]

const WAITING: readonly Flow[] = [
  {
    name: 'redirect-waiting-to-another-queue-answered',
    config: waitingThen(({ name }) => `Queue(${name}-next,,,,8)`),
    async play(cast) {
      const caller = await wait(cast)
      await redirect(cast.outside, `${cast.line}1`)
      await cast.phones.picksUp(cast.b, 1200)
      await talkFor(caller, 900)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.b], queue: `${names.name}-next` },
        legs: [`${names.a} no_answer`, `${names.b} answered`],
      },
    ],
    stays: ({ name }) => [
      { queue: name, outcome: 'exited', differs: TAKEN_OUT },
      { queue: `${name}-next`, outcome: 'answered' },
    ],
  },
  {
    name: 'redirect-waiting-to-another-queue-abandoned',
    config: waitingThen(({ name }) => `Queue(${name}-next,,,,8)`),
    async play(cast) {
      const caller = await wait(cast)
      await redirect(cast.outside, `${cast.line}1`)
      await cast.phones.rung(cast.b)
      await talkFor(caller, 1200)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), disposition: 'abandoned', missed: 1, answered_by: [], hangup_by: 'caller' },
        ...{ queue: `${names.name}-next`, legs: [`${names.a} no_answer`, `${names.b} cancelled`] },
      },
    ],
    stays: ({ name }) => [
      { queue: name, outcome: 'exited', differs: TAKEN_OUT },
      { queue: `${name}-next`, outcome: 'abandoned' },
    ],
  },
  {
    name: 'redirect-waiting-to-voicemail',
    config: waitingThen(() => 'VoiceMail(100,s)'),
    async play(cast) {
      const caller = await wait(cast)
      await redirect(cast.outside, `${cast.line}1`)
      await talkFor(caller, 1500)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), disposition: 'voicemail', missed: 1, answered_by: [], hangup_by: 'caller' },
        ...{ queue: names.name, legs: [`${names.a} no_answer`] },
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'exited', differs: TAKEN_OUT }],
  },
  {
    name: 'redirect-waiting-to-a-conference',
    config: waitingThen(({ name }) => `ConfBridge(${name})`),
    async play(cast) {
      const caller = await wait(cast)
      await redirect(cast.outside, `${cast.line}1`)
      await talkFor(caller, 1200)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [], queue: names.name, legs: [`${names.a} no_answer`] },
        differs: 'the CDR knows no other channel: who enters a conference is answered',
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'exited', differs: TAKEN_OUT }],
  },
  {
    name: 'redirect-waiting-to-a-phone',
    config: waitingThen(({ b }) => `Dial(PJSIP/${b},5)`),
    async play(cast) {
      const caller = await wait(cast)
      await redirect(cast.outside, `${cast.line}1`)
      await cast.phones.picksUp(cast.b, 700)
      await talkFor(caller, 900)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...answered, answered_by: [names.b], queue: names.name },
        legs: [`${names.a} no_answer`, `${names.b} answered`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'exited', differs: TAKEN_OUT }],
  },
]

export const REDIRECTS: readonly Flow[] = [...TALKING, ...AGENT_AWAY, ...WAITING]
