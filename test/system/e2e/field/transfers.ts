// Calls that are transferred into a waiting place, and transfers whose consultation is the older call.
//
// The transferee's call continues, whichever is older; a wait that another party began continues with the one that replaces it.

import { setTimeout as sleep } from 'node:timers/promises'
import { connect, fromOutside, talkFor } from '../families/family.ts'
import type { Talk } from '../lab/phones/talk.ts'
import { extension, queue } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'

const answered = (
  names: Names,
): Pick<Meant, 'direction' | 'caller' | 'trunk' | 'disposition' | 'missed' | 'answered_by'> => ({
  ...{ direction: 'inbound', caller: names.outside, trunk: 'trunk-b' },
  ...{ disposition: 'answered', missed: 0, answered_by: [names.a] },
})
const merged = { direction: 'internal', disposition: 'merged', missed: 0, legs: [] } as const

/** The line leads to a queue with agent `b`, as the PBX answers first or not. */
const intoQueue =
  (seconds: number, answers = true) =>
  ({ b, line, name }: Names): ReturnType<NonNullable<Flow['config']>> => ({
    extensions: extension(line, answers ? 'Answer()' : 'Progress()', `Queue(${name},,,,${seconds})`),
    queues: queue(name, [`PJSIP/${b}`]),
  })

/** How a wait that was transferred goes on. */
interface Ending {
  readonly outcome: 'answered' | 'abandoned' | 'timeout'
  readonly seconds: number
  readonly agent: string
  readonly hangupBy: 'caller' | 'system'
  readonly end: (cast: FieldCast, caller: Talk) => Promise<void>
}

const ENDINGS: readonly Ending[] = [
  {
    ...{ outcome: 'answered', seconds: 9, agent: 'answered', hangupBy: 'caller' },
    async end({ phones, b }, caller) {
      await phones.picksUp(b, 2200)
      await talkFor(caller, 900)
    },
  },
  {
    ...{ outcome: 'abandoned', seconds: 9, agent: 'cancelled', hangupBy: 'caller' },
    async end({ phones, b }, caller) {
      await phones.rung(b)
      await talkFor(caller, 1800)
    },
  },
  {
    ...{ outcome: 'timeout', seconds: 3, agent: 'no_answer', hangupBy: 'system' },
    end: async (_, caller) => caller.over,
  },
]

// Who waited in vain never met the caller: Asterisk's linked ids stay apart.
const mergedAlone = ({ a, line }: Names, { outcome }: Ending): Meant => ({
  ...{ ...merged, caller: a, callee: line },
  ...(outcome === 'answered' ? {} : { differs: 'CEL joins only those who met in a bridge' }),
})

const meantOf = (names: Names, { agent, hangupBy }: Ending): Meant => ({
  ...{ ...answered(names), hangup_by: hangupBy, transfers: 1, queue: names.name },
  legs: [`${names.a} answered`, `${names.b} ${agent}`],
})

// Asked and completed at once, while the consultation still waits (REFER with Replaces).
const ASKED: readonly Flow[] = ENDINGS.map((ending) => ({
  name: `attended-to-a-waiting-queue-${ending.outcome}`,
  config: intoQueue(ending.seconds),
  async play(cast) {
    const { caller, callee } = await connect(cast.phones, fromOutside(cast, cast.a), { by: cast.a, afterMs: 300 })
    await sleep(600)
    const consultation = await cast.phones.call({ from: cast.a, to: cast.line }).answered
    await sleep(600)
    await callee.transferTo(cast.line, consultation)
    await ending.end(cast, caller)
  },
  rows: (names) => [meantOf(names, ending), mergedAlone(names, ending)],
  stays: ({ name }) => [{ queue: name, outcome: ending.outcome }],
}))

// The same before the queue was answered: the consultation is not even up.
const ASKED_EARLY: readonly Flow[] = ENDINGS.slice(0, 2).map((ending) => ({
  name: `semi-attended-to-a-waiting-queue-${ending.outcome}`,
  config: intoQueue(ending.seconds, false),
  async play(cast) {
    const { caller, callee } = await connect(cast.phones, fromOutside(cast, cast.a), { by: cast.a, afterMs: 300 })
    await sleep(600)
    const ends = await cast.phones.call({ from: cast.a, to: cast.line }).alive
    await sleep(600)
    await callee.transferToEnds(cast.line, ends)
    await ending.end(cast, caller)
  },
  rows: (names) => [meantOf(names, ending), mergedAlone(names, ending)],
  stays: ({ name }) => [{ queue: name, outcome: ending.outcome }],
}))

const BLIND: readonly Flow[] = ENDINGS.map((ending) => ({
  name: `blind-to-a-queue-${ending.outcome}`,
  config: intoQueue(ending.seconds, false),
  async play(cast) {
    const { caller, callee } = await connect(cast.phones, fromOutside(cast, cast.a), { by: cast.a, afterMs: 300 })
    await sleep(600)
    await Promise.all([callee.transfer(cast.line), ending.end(cast, caller)])
  },
  rows: (names) => [meantOf(names, ending)],
  stays: ({ name }) => [{ queue: name, outcome: ending.outcome }],
}))

// By keys: the transferer asks the queue, and leaves while the caller's place there is still waited in.
const KEYS: readonly Flow[] = ENDINGS.slice(0, 2).map((ending) => ({
  name: `keys-to-a-waiting-queue-${ending.outcome}`,
  config: (names) => {
    const into = intoQueue(ending.seconds)(names)
    return { ...into, extensions: into.extensions + extension(`${names.line}1`, `Dial(PJSIP/${names.a},3,tT)`) }
  },
  async play(cast) {
    const dialing = fromOutside(cast, `${cast.line}1`)
    const { caller, callee } = await connect(cast.phones, dialing, { by: cast.a, afterMs: 300 })
    await sleep(600)
    await callee.press('*2')
    await sleep(1200)
    await callee.press(`${cast.line}#`)
    await sleep(1200)
    await callee.hangUp()
    await ending.end(cast, caller)
  },
  rows: (names) => [
    {
      ...meantOf(names, ending),
      ...(ending.outcome === 'answered'
        ? {}
        : { differs: 'CEL holds the Local channel before the queue for somebody' }),
    },
  ],
  stays: ({ name }) => [{ queue: name, outcome: ending.outcome }],
}))

const OLDER: readonly Flow[] = [
  {
    name: 'attended-to-a-queue-that-has-answered',
    config: intoQueue(9),
    async play(cast) {
      const { phones, a, b, line } = cast
      const { caller, callee } = await connect(phones, fromOutside(cast, a), { by: a, afterMs: 300 })
      await sleep(600)
      const consultation = await phones.call({ from: a, to: line }).answered
      await phones.picksUp(b, 700)
      await sleep(600)
      await callee.transferTo(line, consultation)
      await talkFor(caller, 900)
    },
    // The wait was the transferer's, and over before the caller came to it.
    rows: (names) => [
      {
        ...{ ...answered(names), hangup_by: 'caller', transfers: 1, queue: null },
        legs: [`${names.a} answered`, `${names.b} answered`],
      },
      { ...merged, caller: names.a, callee: names.line },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'attended-with-an-older-consultation',
    async play(cast) {
      const { phones, a, b } = cast
      const colleague = await connect(phones, { from: a, to: b }, { by: b, afterMs: 300 })
      await sleep(600)
      const { caller, callee } = await connect(phones, fromOutside(cast, a), { by: a, afterMs: 300 })
      await sleep(600)
      await callee.transferTo(b, colleague.caller)
      await talkFor(caller, 900)
    },
    rows: (names) => [
      { ...merged, caller: names.a, callee: names.b },
      {
        ...{ ...answered(names), hangup_by: 'caller', transfers: 1 },
        legs: [`${names.a} answered`, `${names.b} answered`],
      },
    ],
  },
  {
    name: 'attended-with-a-colleague-who-had-called',
    async play(cast) {
      const { phones, a, b } = cast
      const colleague = await connect(phones, { from: b, to: a }, { by: a, afterMs: 300 })
      await sleep(600)
      const { caller, callee } = await connect(phones, fromOutside(cast, a), { by: a, afterMs: 300 })
      await sleep(600)
      await callee.transferTo(b, colleague.callee)
      await talkFor(caller, 900)
    },
    // Both calls came to `a`; the caller from outside is the one who is transferred.
    rows: (names) => [
      { ...merged, caller: names.b, callee: names.a },
      {
        ...{ ...answered(names), hangup_by: 'caller', transfers: 1 },
        legs: [`${names.a} answered`, `${names.a} answered`],
      },
    ],
  },
]

const RINGING: readonly Flow[] = [
  { name: 'semi-attended-answered', agent: 'answered', hangupBy: 'caller' } as const,
  { name: 'semi-attended-caller-leaves', agent: 'cancelled', hangupBy: 'caller' } as const,
].map(({ name, agent, hangupBy }) => ({
  name,
  async play(cast) {
    const { phones, a, b } = cast
    const { caller, callee } = await connect(phones, fromOutside(cast, a), { by: a, afterMs: 300 })
    await sleep(600)
    const [ends, ringing] = await Promise.all([phones.call({ from: a, to: b }).alive, phones.rung(b)])
    await sleep(600)
    await callee.transferToEnds(b, ends)
    await sleep(600)
    if (agent === 'answered') {
      ringing.answer()
    }
    await talkFor(caller, 900)
  },
  rows: (names) => [
    {
      ...{ ...answered(names), hangup_by: hangupBy, transfers: 1 },
      legs: [`${names.a} answered`, `${names.b} ${agent}`],
    },
    {
      ...{ ...merged, caller: names.a, callee: names.b },
      ...(agent === 'answered' ? {} : { differs: 'CEL joins only those who met in a bridge' }),
    },
  ],
}))

export const TRANSFERRED: readonly Flow[] = [...ASKED, ...ASKED_EARLY, ...BLIND, ...KEYS, ...OLDER, ...RINGING]
