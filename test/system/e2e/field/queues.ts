// Queues that are left by a key, and announcements that nobody is called behind.

import { setTimeout as sleep } from 'node:timers/promises'
import { fromOutside, talkFor } from '../families/family.ts'
import { extension, queue } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'

const NOT_ANSWERED = { missed: 1, answered_by: [] } as const

const outside = (names: Names): Pick<Meant, 'direction' | 'caller' | 'trunk'> => ({
  ...{ direction: 'inbound', caller: names.outside, trunk: 'trunk-b' },
})

interface Keyed {
  /** What key 1 leads to. */
  readonly steps: (names: Names) => readonly string[]
  readonly members?: (names: Names) => readonly string[]
  /** After the key was pressed, 1.2 s after the caller came. */
  readonly next: (
    cast: FieldCast,
    caller: { readonly hangUp: () => Promise<void>; readonly over: Promise<void> },
  ) => Promise<unknown>
  readonly meant: (names: Names) => Partial<Meant> & Pick<Meant, 'disposition' | 'legs'>
  readonly more?: (names: Names) => string
  readonly stays?: Flow['stays']
}

/** A queue that is left by key 1. */
function byKey(name: string, { steps, members, next, meant, more, stays }: Keyed): Flow {
  return {
    name,
    config: (names) => ({
      extensions: extension(names.line, 'Answer()', `Queue(${names.name},,,,8)`),
      contexts: `[${names.name}-keys]\n${extension('1', ...steps(names))}`,
      queues: `${queue(names.name, members?.(names) ?? [], `context = ${names.name}-keys`)}\n${more?.(names) ?? ''}`,
    }),
    async play(cast) {
      const caller = await cast.phones.call(fromOutside(cast, cast.line)).answered
      await sleep(1200)
      await caller.press('1')
      await next(cast, caller)
    },
    rows: (names) => [{ ...outside(names), ...NOT_ANSWERED, queue: names.name, ...meant(names) }],
    stays: (names) => [{ queue: names.name, outcome: 'exited' }, ...(stays?.(names) ?? [])],
  }
}

const ringing = ({ a }: Names): readonly string[] => [`PJSIP/${a}`]
const thanks = (): readonly string[] => ['Playback(beep)']

const BY_KEY: readonly Flow[] = [
  byKey('queue-key-callback-while-an-agent-rings', {
    ...{ steps: thanks, members: ringing, next: (_, caller) => caller.over },
    meant: ({ a }) => ({ disposition: 'no_answer', hangup_by: 'system', legs: [`${a} no_answer`] }),
  }),
  byKey('queue-key-callback-nobody-rings', {
    ...{ steps: thanks, next: (_, caller) => caller.over },
    meant: () => ({ disposition: 'no_answer', hangup_by: 'system', legs: [] }),
  }),
  byKey('queue-key-callback-then-caller-hangs-up', {
    ...{ steps: () => ['Playback(beep)', 'Wait(8)'], next: (_, caller) => talkFor(caller, 1500) },
    meant: () => ({ disposition: 'cancelled', hangup_by: 'caller', legs: [] }),
  }),
  byKey('queue-key-while-an-agent-rings-then-caller-hangs-up', {
    ...{ steps: () => ['Playback(beep)', 'Wait(8)'], members: ringing, next: (_, caller) => talkFor(caller, 1500) },
    meant: ({ a }) => ({ disposition: 'cancelled', hangup_by: 'caller', legs: [`${a} no_answer`] }),
  }),
  byKey('queue-key-to-voicemail', {
    ...{ steps: () => ['VoiceMail(100,s)'], members: ringing, next: (_, caller) => talkFor(caller, 1500) },
    meant: ({ a }) => ({ disposition: 'voicemail', hangup_by: 'caller', legs: [`${a} no_answer`] }),
  }),
  byKey('queue-key-to-an-operator', {
    steps: ({ b }) => [`Dial(PJSIP/${b},5)`],
    async next({ phones, b }, caller) {
      await phones.picksUp(b, 500)
      await talkFor(caller, 900)
    },
    meant: ({ b }) => ({
      ...{ disposition: 'answered', missed: 0, answered_by: [b], hangup_by: 'caller', legs: [`${b} answered`] },
    }),
  }),
  byKey('queue-key-to-an-operator-who-is-busy', {
    steps: ({ b }) => [`Dial(PJSIP/${b},5)`],
    async next({ phones, b }, caller) {
      const busy = await phones.rung(b)
      busy.refuse('486 Busy Here')
      await caller.over
    },
    // The queue was tried first, and what it could have reached is more than a busy phone.
    meant: ({ b }) => ({ disposition: 'no_answer', legs: [`${b} busy`] }),
  }),
  byKey('queue-key-to-another-queue', {
    steps: ({ name }) => [`Queue(${name}-next,,,,8)`],
    more: ({ b, name }) => queue(`${name}-next`, [`PJSIP/${b}`]),
    async next({ phones, b }, caller) {
      await phones.picksUp(b, 900)
      await talkFor(caller, 900)
    },
    meant: ({ b, name }) => ({
      ...{ disposition: 'answered', missed: 0, answered_by: [b], hangup_by: 'caller', legs: [`${b} answered`] },
      queue: `${name}-next`,
    }),
    stays: ({ name }) => [{ queue: `${name}-next`, outcome: 'answered' }],
  }),
  byKey('queue-key-to-another-queue-left', {
    steps: ({ name }) => [`Queue(${name}-next,,,,8)`],
    more: ({ b, name }) => queue(`${name}-next`, [`PJSIP/${b}`]),
    async next({ phones, b }, caller) {
      await phones.rung(b)
      await talkFor(caller, 900)
    },
    meant: ({ b, name }) => ({
      ...{ disposition: 'abandoned', hangup_by: 'caller', queue: `${name}-next`, legs: [`${b} cancelled`] },
    }),
    stays: ({ name }) => [{ queue: `${name}-next`, outcome: 'abandoned' }],
  }),
]

const served = { disposition: 'self_service', missed: 0, answered_by: [], legs: [] } as const

const ANNOUNCED: readonly Flow[] = [
  {
    name: 'announcement-in-early-media',
    config: ({ line }) => ({
      extensions: extension(line, 'Progress()', 'Playback(beep,noanswer)', 'Playback(beep,noanswer)'),
    }),
    play: async (cast) => cast.phones.call(fromOutside(cast, cast.line)).refused,
    rows: (names) => [{ ...outside(names), ...served, hangup_by: 'system' }],
  },
  {
    name: 'announcement-in-early-media-left',
    config: ({ line }) => ({ extensions: extension(line, 'Progress()', 'Playback(beep,noanswer)', 'Wait(8)') }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      await call.alive
      await sleep(1200)
      call.giveUp()
      await call.refused
    },
    rows: (names) => [{ ...outside(names), ...served, hangup_by: 'caller' }],
  },
  {
    name: 'announcement-in-early-media-to-a-phone',
    config: ({ line }) => ({ extensions: extension(line, 'Progress()', 'Playback(beep,noanswer)') }),
    play: async ({ phones, a, line }) => phones.call({ from: a, to: line }).refused,
    rows: ({ a }) => [{ ...served, direction: 'internal', caller: a, hangup_by: 'system' }],
  },
  {
    name: 'announcement-answered',
    config: ({ line }) => ({ extensions: extension(line, 'Answer()', 'Playback(beep)', 'Wait(1)') }),
    play: async (cast) => (await cast.phones.call(fromOutside(cast, cast.line)).answered).over,
    rows: (names) => [{ ...outside(names), ...served, hangup_by: 'system' }],
  },
  {
    name: 'announcement-in-early-media-then-phone-rings-out',
    config: ({ a, line }) => ({
      extensions: extension(
        line,
        'Progress()',
        'Playback(beep,noanswer)',
        `Dial(PJSIP/${a},1)`,
        'Playback(beep,noanswer)',
      ),
    }),
    play: async (cast) => cast.phones.call(fromOutside(cast, cast.line)).refused,
    rows: (names) => [
      {
        ...{ ...outside(names), ...NOT_ANSWERED, disposition: 'no_answer', hangup_by: 'system' },
        legs: [`${names.a} no_answer`],
      },
    ],
  },
  {
    name: 'announcement-in-early-media-then-congestion',
    config: ({ line }) => ({ extensions: extension(line, 'Progress()', 'Playback(beep,noanswer)', 'Congestion(1)') }),
    play: async (cast) => cast.phones.call(fromOutside(cast, cast.line)).refused,
    rows: (names) => [{ ...outside(names), ...served, disposition: 'congestion', hangup_by: 'system' }],
  },
]

const QUEUED: readonly Flow[] = [
  {
    name: 'queue-in-early-media-left',
    config: ({ a, line, name }) => ({
      extensions: extension(line, 'Progress()', 'Playback(beep,noanswer)', `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${a}`]),
    }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const agent = await cast.phones.rung(cast.a)
      await sleep(900)
      call.giveUp()
      await agent.cancelled
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...NOT_ANSWERED, disposition: 'abandoned', hangup_by: 'caller', queue: names.name },
        legs: [`${names.a} cancelled`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'abandoned' }],
  },
  {
    name: 'queue-times-out-then-menu-left',
    config: ({ a, line, name }) => ({
      extensions: extension(line, 'Answer()', `Queue(${name},,,,2)`, 'Read(KEY,beep,1,,1,8)'),
      queues: queue(name, [`PJSIP/${a}`]),
    }),
    async play(cast) {
      const caller = await cast.phones.call(fromOutside(cast, cast.line)).answered
      await (await cast.phones.rung(cast.a)).cancelled
      await talkFor(caller, 1500)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), ...NOT_ANSWERED, disposition: 'cancelled', hangup_by: 'caller', queue: names.name },
        legs: [`${names.a} no_answer`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'timeout' }],
  },
  {
    name: 'queue-key-that-leads-nowhere',
    config: ({ a, line, name }) => ({
      extensions: extension(line, 'Answer()', `Queue(${name},,,,8)`),
      contexts: `[${name}-keys]\n${extension('1', 'Playback(beep)')}`,
      queues: queue(name, [`PJSIP/${a}`], `context = ${name}-keys`),
    }),
    async play(cast) {
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const { caller } = await connectAfterKey(cast, call.answered)
      await talkFor(caller, 900)
    },
    rows: (names) => [
      {
        ...{ ...outside(names), disposition: 'answered', missed: 0, answered_by: [names.a], hangup_by: 'caller' },
        ...{ queue: names.name, legs: [`${names.a} answered`] },
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
]

async function connectAfterKey(
  { phones, a }: FieldCast,
  answered: ReturnType<FieldCast['phones']['call']>['answered'],
): Promise<{ readonly caller: Awaited<typeof answered> }> {
  const caller = await answered
  await caller.press('7')
  await phones.picksUp(a, 800)
  return { caller }
}

export const KEYS: readonly Flow[] = [...BY_KEY, ...ANNOUNCED, ...QUEUED]
