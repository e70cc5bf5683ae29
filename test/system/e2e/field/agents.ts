// Agents who wait on the line: AgentLogin, waiting rooms of the dialplan and of applications. Each customer who is
// connected to a waiting agent is a call of its own; the agent's own call is only waiting.

import { setTimeout as sleep } from 'node:timers/promises'
import { fromOutside, talkFor } from '../families/family.ts'
import { ami } from '../lab/ami.ts'
import { channelOf, untilFree, untilTalking, untilWaiting } from '../lab/bridged.ts'
import { Control } from '../lab/control.ts'
import type { Talk } from '../lab/phones/talk.ts'
import { extension, queue } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'

const WAITED = 'the agent only waits; each customer who is connected is a call of their own'

/** The agent's own call: they log in, wait and log off. */
function waiting({ a }: Names): Meant {
  return {
    ...{ caller: a, direction: 'internal', disposition: 'self_service', missed: 0, hangup_by: 'caller' },
    ...{ answered_by: [], legs: [], differs: WAITED },
  }
}

const ONE = 'Asterisk holds everybody who was connected with one waiting agent for one call, until the agent is gone'

function served({ a, outside }: Names, more: Partial<Meant> = {}): Meant {
  return {
    ...{ caller: outside, direction: 'inbound', disposition: 'answered', missed: 0, answered_by: [a] },
    ...{ hangup_by: 'caller', legs: [`${a} answered`], ...more },
  }
}

// The agent's number is the flow's line, so that a Local channel to it can stand for them in a queue.
function agentLine({ line, name }: Names, ...settings: readonly string[]): Record<string, string> {
  return {
    extensions: [
      extension(`${line}1`, `AgentLogin(${line},s)`),
      extension(`${line}2`, 'Answer()', `Queue(${name},,,,12)`),
      extension(`${line}3`, 'Answer()', `AgentRequest(${line})`),
      extension(`${line}4`, `AgentRequest(${line})`),
    ].join('\n'),
    agents: [`[${line}](agent)`, 'fullname = Agent', ...settings, ''].join('\n'),
    queues: queue(name, [`Local/${line}4@field/n,0,Agent,Agent:${line}`]),
  }
}

async function logIn({ phones, a, line }: FieldCast): Promise<Talk> {
  const agent = await phones.call({ from: a, to: `${line}1` }).answered
  await untilWaiting(a)
  await untilFree(`Agent:${line}`)
  return agent
}

async function talkToAgent(cast: FieldCast, from: string, ms: number): Promise<void> {
  const customer = await cast.phones.call({ from, to: `${cast.line}2`, trunk: 'trunk-b' }).answered
  await untilTalking(cast.a)
  await talkFor(customer, ms)
  await untilFree(`Agent:${cast.line}`)
}

export const AGENTS: readonly Flow[] = [
  {
    name: 'agentlogin-three-customers',
    config: agentLine,
    async play(cast) {
      const agent = await logIn(cast)
      await talkToAgent(cast, cast.outside, 1500)
      await talkToAgent(cast, cast.other, 1100)
      await talkToAgent(cast, cast.outside, 700)
      await talkFor(agent, 400)
    },
    rows: (names) => [
      waiting(names),
      served(names, { queue: names.name, differs: ONE }),
      served({ ...names, outside: names.other }, { queue: names.name, differs: ONE }),
      served(names, { queue: names.name, differs: ONE }),
    ],
    stays: ({ name }) => ['answered', 'answered', 'answered'].map((outcome) => ({ queue: name, outcome })),
  },
  {
    name: 'agentlogin-agent-hangs-up-on-the-customer',
    config: agentLine,
    async play(cast) {
      const agent = await logIn(cast)
      const customer = await cast.phones.call(fromOutside(cast, `${cast.line}2`)).answered
      await untilTalking(cast.a)
      await talkFor(agent, 1500)
      await customer.over
    },
    rows: (names) => [waiting(names), served(names, { queue: names.name, hangup_by: 'callee' })],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'agentlogin-asked-for-without-a-queue',
    config: agentLine,
    async play(cast) {
      const agent = await logIn(cast)
      const customer = await cast.phones.call(fromOutside(cast, `${cast.line}3`)).answered
      await untilTalking(cast.a)
      await talkFor(customer, 1300)
      await untilWaiting(cast.a)
      await talkFor(agent, 400)
    },
    rows: (names) => [waiting(names), served(names, { differs: ONE })],
  },
  {
    name: 'agentlogin-customer-leaves-before-the-agent-says-yes',
    config: (names) => agentLine(names, 'ackcall = yes'),
    async play(cast) {
      const agent = await logIn(cast)
      const customer = await cast.phones.call(fromOutside(cast, `${cast.line}2`)).answered
      await talkFor(customer, 1500)
      await sleep(900)
      await agent.hangUp()
    },
    rows: (names) => {
      const { differs: _, ...alone } = waiting(names)
      const left = { disposition: 'abandoned', missed: 1, answered_by: [], queue: names.name, legs: [] } as const
      return [alone, served(names, left)]
    },
    stays: ({ name }) => [{ queue: name, outcome: 'abandoned' }],
  },
  {
    name: 'agentlogin-agent-says-yes-by-key',
    config: (names) => agentLine(names, 'ackcall = yes', 'acceptdtmf = #'),
    async play(cast) {
      const agent = await logIn(cast)
      const customer = await cast.phones.call(fromOutside(cast, `${cast.line}2`)).answered
      await sleep(1500)
      await agent.press('#')
      await untilTalking(cast.a)
      await talkFor(customer, 1200)
      await untilWaiting(cast.a)
      await talkFor(agent, 400)
    },
    rows: (names) => [waiting(names), served(names, { queue: names.name, differs: ONE })],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'agentlogin-nobody-asks',
    config: agentLine,
    async play(cast) {
      await talkFor(await logIn(cast), 1200)
    },
    rows: (names) => {
      const { differs: _, ...alone } = waiting(names)
      return [alone]
    },
  },
  {
    name: 'bridgewait-agent-and-customer-joined-by-ami',
    config: ({ line, name }) => ({
      extensions: [
        extension(`${line}1`, 'Answer()', `BridgeWait(${name})`),
        extension(`${line}2`, 'Answer()', 'Wait(8)'),
      ].join('\n'),
    }),
    async play(cast) {
      const { phones, a, line } = cast
      const agent = await phones.call({ from: a, to: `${line}1` }).answered
      await untilWaiting(a)
      const customer = await phones.call(fromOutside(cast, `${line}2`)).answered
      await sleep(700)
      const [one, other] = [await channelOf(cast.outside), await channelOf(a)]
      await ami({ Action: 'Bridge', Channel1: one.name, Channel2: other.name, Tone: 'no' })
      await untilTalking(a)
      await talkFor(customer, 1500)
      await agent.over
    },
    rows: (names) => [{ ...waiting(names), hangup_by: 'system' }, served(names, { differs: ONE })],
  },
  {
    name: 'ari-waiting-agent-three-customers',
    config: ({ line, name }) => ({
      extensions: [
        extension(`${line}1`, `Stasis(${name},agent)`),
        extension(`${line}2`, `Stasis(${name},customer)`),
      ].join('\n'),
    }),
    async play(cast) {
      const { phones, a, line, name } = cast
      const control = await Control.open(name)
      const call = phones.call({ from: a, to: `${line}1` })
      const agent = await control.entered('agent')
      await control.post(`/channels/${agent}/answer`)
      const room = await control.bridge('holding', agent)
      const phone = await call.answered
      for (const from of [cast.outside, cast.other, cast.outside]) {
        await serveOne(cast, { control, agent, room, from })
      }
      await talkFor(phone, 500)
      await control.remove('bridges', room)
      control.close()
    },
    rows: (names) => [
      waiting(names),
      served(names, { differs: ONE }),
      served({ ...names, outside: names.other }, { differs: ONE }),
      served(names, { differs: ONE }),
    ],
  },
  {
    name: 'ari-customer-leaves-the-waiting-room-beside-an-agent',
    config: ({ line, name }) => ({
      extensions: [
        extension(`${line}1`, `Stasis(${name},agent)`),
        extension(`${line}2`, `Stasis(${name},customer)`),
      ].join('\n'),
    }),
    async play(cast) {
      const { phones, a, line, name } = cast
      const control = await Control.open(name)
      const call = phones.call({ from: a, to: `${line}1` })
      const agent = await control.entered('agent')
      await control.post(`/channels/${agent}/answer`)
      const room = await control.bridge('holding', agent)
      const phone = await call.answered
      const customer = phones.call(fromOutside(cast, `${line}2`))
      const channel = await control.entered('customer')
      await control.post(`/channels/${channel}/answer`)
      await control.add(room, channel)
      await talkFor(await customer.answered, 1500)
      await talkFor(phone, 500)
      await control.remove('bridges', room)
      control.close()
    },
    rows: (names) => {
      const { differs: _, ...alone } = waiting(names)
      return [alone, served(names, { disposition: 'self_service', answered_by: [], legs: [] })]
    },
  },
  {
    name: 'agent-waits-in-a-conference',
    config: ({ line, name }) => ({
      extensions: [
        extension(`${line}1`, 'Answer()', `ConfBridge(${name})`),
        extension(`${line}2`, 'Answer()', `ConfBridge(${name})`),
      ].join('\n'),
    }),
    async play(cast) {
      const { phones, a, line } = cast
      const agent = await phones.call({ from: a, to: `${line}1` }).answered
      for (const from of [cast.outside, cast.other]) {
        await talkFor(await phones.call({ from, to: `${line}2`, trunk: 'trunk-b' }).answered, 1200)
        await sleep(500)
      }
      await agent.hangUp()
    },
    rows: (names) => {
      const met = { disposition: 'answered', missed: 0, answered_by: [], hangup_by: 'caller', legs: [] } as const
      const differs = 'the CDR knows of no answer in a conference that is not of two'
      return [
        { ...met, caller: names.a, direction: 'internal' },
        { ...met, caller: names.outside, direction: 'inbound', differs },
        { ...met, caller: names.other, direction: 'inbound', differs },
      ]
    },
  },
]

interface Serving {
  readonly control: Control
  readonly agent: string
  readonly room: string
  readonly from: string
}

// The agent leaves the waiting room for one customer, and comes back.
async function serveOne({ phones, line }: FieldCast, { control, agent, room, from }: Serving): Promise<void> {
  const call = phones.call({ from, to: `${line}2`, trunk: 'trunk-b' })
  const customer = await control.entered('customer')
  await control.post(`/channels/${customer}/answer`)
  const talk = await control.bridge('mixing', customer, agent)
  await talkFor(await call.answered, 1500)
  await control.left(customer)
  await control.add(room, agent)
  await control.remove('bridges', talk)
  await sleep(600)
}
