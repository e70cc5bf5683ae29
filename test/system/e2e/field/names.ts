// Names of endpoints: with a domain, with an address behind them, of other technologies, and plumbing that is nobody's phone.

import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, fromOutside, talkFor } from '../families/family.ts'
import { PORTS } from '../lab/place.ts'
import { extension } from './config.ts'
import type { Flow, Meant, Names } from './flow.ts'

const ANSWERED = { disposition: 'answered', missed: 0, hangup_by: 'caller' } as const
const UNREACHABLE = { disposition: 'unreachable', answered_by: [], hangup_by: 'system' } as const
const PHONES = `127.0.0.1:${PORTS.phones}`
const AUDIO_SOCKET = (port: number, last: number): string =>
  `Dial(AudioSocket/127.0.0.1:${port}/4b2bd0a6-7f1f-4c3c-8b62-2a8f2d3c111${last},3)`

const outside = (names: Names): Pick<Meant, 'direction' | 'caller' | 'trunk'> => ({
  ...{ direction: 'inbound', caller: names.outside, trunk: 'trunk-b' },
})

/** A phone named as PBXs of many tenants name theirs. */
const tenant = (user: string): string => `[${user}@127.0.0.1](peer)
context = cast
aors = ${user}t
callerid = "Tenant's phone" <${user}>
[${user}t](aor)
contact = sip:${user}@${PHONES}
`

/** A voice bot: takes every connection, and says nothing. */
async function openBot(): Promise<Server> {
  const bot = createServer((socket) => socket.on('error', () => undefined).resume())
  await new Promise<void>((resolve, reject) => {
    bot.once('error', reject)
    bot.listen(PORTS.audioSocket, '127.0.0.1', resolve)
  })
  return bot
}

export const NAMES: readonly Flow[] = [
  {
    name: 'name-with-a-domain-calls',
    config: ({ line }) => ({ pjsip: tenant(`${line}9`) }),
    async play({ phones, a, line }) {
      const { caller } = await connect(phones, { from: `${line}9`, to: a }, { by: a, afterMs: 300 })
      await talkFor(caller, 900)
    },
    // By its name it would be a trunk; its configuration is that of a phone.
    rows: ({ a, line }) => [
      {
        ...{ ...ANSWERED, direction: 'internal', caller: `${line}9`, callee: a, answered_by: [a] },
        ...{ caller_endpoint: `${line}9@127.0.0.1`, trunk: null, legs: [`${a} answered`] },
      },
    ],
  },
  {
    name: 'name-with-a-domain-gives-up',
    config: ({ line }) => ({ pjsip: tenant(`${line}9`) }),
    async play({ phones, a, line }) {
      const call = phones.call({ from: `${line}9`, to: a })
      const ringing = await phones.rung(a)
      await sleep(500)
      call.giveUp()
      await ringing.cancelled
    },
    rows: ({ a, line }) => [
      {
        ...{ direction: 'internal', disposition: 'cancelled', missed: 1, hangup_by: 'caller', caller: `${line}9` },
        ...{ answered_by: [], caller_endpoint: `${line}9@127.0.0.1`, trunk: null, legs: [`${a} cancelled`] },
      },
    ],
  },
  {
    name: 'name-with-an-address-answers',
    config: ({ a, line }) => ({ extensions: extension(line, `Dial(PJSIP/${a}/sip:${a}@${PHONES},3)`) }),
    async play(cast) {
      const { caller } = await connect(cast.phones, fromOutside(cast, cast.line), { by: cast.a, afterMs: 300 })
      await talkFor(caller, 900)
    },
    rows: (names) => [{ ...outside(names), ...ANSWERED, answered_by: [names.a], legs: [`${names.a} answered`] }],
  },
  {
    name: 'name-with-an-address-of-nobody',
    config: ({ line }) => ({ extensions: extension(line, `Dial(PJSIP/${line}9/sip:${line}9@${PHONES},3)`) }),
    play: async (cast) => cast.phones.call(fromOutside(cast, cast.line)).refused,
    rows: (names) => [{ ...outside(names), ...UNREACHABLE, missed: 1, legs: [`${names.line}9 unreachable`] }],
  },
  {
    name: 'name-of-a-trunk-with-an-address',
    config: ({ line, other }) => ({ extensions: extension(line, `Dial(PJSIP/trunk-b/sip:${other}@${PHONES},3)`) }),
    async play({ phones, a, line, other }) {
      const { caller } = await connect(phones, { from: a, to: line }, { by: other, afterMs: 300 })
      await talkFor(caller, 900)
    },
    rows: ({ a }) => [
      {
        ...{ ...ANSWERED, direction: 'outbound', caller: a, answered_by: ['trunk-b'], trunk: 'trunk-b' },
        legs: ['trunk-b answered'],
      },
    ],
  },
  {
    name: 'name-of-an-analogue-line-that-is-not-there',
    config: ({ line, other }) => ({ extensions: extension(line, `Dial(DAHDI/g1/${other},3)`) }),
    play: async ({ phones, a, line }) => phones.call({ from: a, to: line }).refused,
    rows: ({ a }) => [
      { ...UNREACHABLE, direction: 'outbound', missed: 0, caller: a, trunk: 'g1', legs: ['g1 unreachable'] },
    ],
  },
  {
    name: 'name-of-a-line-by-iax',
    config: ({ a, line }) => ({ extensions: extension(line, `Dial(IAX2/iax-loop/${a},3)`) }),
    async play({ phones, a, b, line }) {
      const { caller } = await connect(phones, { from: b, to: line }, { by: a, afterMs: 300 })
      await talkFor(caller, 900)
    },
    // The line comes back to this Asterisk: what goes out on it comes in as another call.
    rows: ({ a, b }) => [
      {
        ...{ ...ANSWERED, direction: 'outbound', caller: b, answered_by: ['iax-loop'], trunk: 'iax-loop' },
        legs: ['iax-loop answered'],
      },
      {
        ...{ ...ANSWERED, direction: 'inbound', callee: a, answered_by: [a], trunk: 'iax-loop' },
        ...{ caller_endpoint: 'iax-loop', legs: [`${a} answered`] },
      },
    ],
  },
  {
    name: 'audiosocket-that-nobody-opens',
    config: ({ line }) => ({ extensions: extension(line, AUDIO_SOCKET(PORTS.silence, 1)) }),
    play: async (cast) => cast.phones.call(fromOutside(cast, cast.line)).refused,
    rows: (names) => [{ ...outside(names), ...UNREACHABLE, missed: 1, legs: [] }],
  },
  {
    name: 'audiosocket-bot-serves',
    config: ({ line }) => ({ extensions: extension(line, AUDIO_SOCKET(PORTS.audioSocket, 2)) }),
    async play(cast) {
      const bot = await openBot()
      const caller = await cast.phones.call(fromOutside(cast, cast.line)).answered
      await talkFor(caller, 1200)
      bot.close()
    },
    rows: (names) => [
      {
        ...{ ...outside(names), disposition: 'self_service', missed: 0, answered_by: [], hangup_by: 'caller' },
        ...{ legs: [], differs: 'the bot is a channel that the CDR holds for a callee' },
      },
    ],
  },
]
