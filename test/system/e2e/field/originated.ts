// Calls that an application makes in two legs: an agent is called first, a customer then. The second party is the callee,
// with its trunk and direction: click-to-dial, diallers and call files.

import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, talkFor } from '../families/family.ts'
import { ami } from '../lab/ami.ts'
import { cli } from '../lab/asterisk.ts'
import { Control } from '../lab/control.ts'
import type { Talk } from '../lab/phones/talk.ts'
import { PLACE } from '../lab/place.ts'
import { extension, queue } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'

/** The one call: the agent's, who talks with the customer. */
function outbound({ a, outside }: Names, more: Partial<Meant> = {}): Meant {
  return {
    ...{ ...ANSWERED, direction: 'outbound', caller: a, callee: outside, trunk: 'trunk-b', answered_by: ['trunk-b'] },
    ...{ hangup_by: 'caller', legs: [`${a} answered`, 'trunk-b answered'], ...more },
  }
}

/** The same where nobody outside is reached: the trunk's result is that of the call. */
function vain(names: Names, disposition: 'busy' | 'no_answer' | 'cancelled', more: Partial<Meant> = {}): Meant {
  const legs = [`${names.a} answered`, `trunk-b ${disposition}`]
  return { ...outbound(names), ...{ disposition, answered_by: [], hangup_by: 'system', legs, ...more } }
}

const TONES = 'the CDR counts who was only bridged for the tones'
const MERGED: Meant = { direction: 'outbound', disposition: 'merged', missed: 0, legs: [] }

interface Pair {
  readonly control: Control
  readonly agent: { readonly channel: string; readonly phone: Talk }
  readonly customer: { readonly channel: string; readonly phone: Talk }
}

async function called(cast: FieldCast, control: Control, who: 'agent' | 'customer'): Promise<Pair['agent']> {
  const [endpoint, number] =
    who === 'agent' ? [`PJSIP/${cast.a}`, cast.a] : [`PJSIP/${cast.outside}@trunk-b`, cast.outside]
  await control.originate(endpoint, who)
  const phone = await cast.phones.picksUp(number, 600)
  return { channel: await control.entered(who), phone }
}

/** The application calls the agent, then the customer, and bridges both. */
async function agentThenCustomer(cast: FieldCast): Promise<Pair> {
  const control = await Control.open(cast.name)
  const agent = await called(cast, control, 'agent')
  const customer = await called(cast, control, 'customer')
  await control.bridge('mixing', agent.channel, customer.channel)
  await sleep(1200)
  return { control, agent, customer }
}

async function clear({ control }: Pair, gone: string, other: string): Promise<void> {
  await control.left(gone)
  await control.remove('channels', other)
  control.close()
}

/** The agent's channel, and the customer's, which is bridged with it before it is dialed. */
async function createsCustomer(cast: FieldCast, timeout: string): Promise<Omit<Pair, 'customer'> & { far: string }> {
  const control = await Control.open(cast.name)
  const agent = await called(cast, control, 'agent')
  const far = await control.create(`PJSIP/${cast.outside}@trunk-b`, 'customer', { originator: agent.channel })
  await control.entered('customer')
  await control.bridge('mixing', agent.channel, far)
  await control.dial(far, { caller: agent.channel, timeout })
  return { control, agent, far }
}

async function originate(fields: Readonly<Record<string, string>>): Promise<void> {
  await ami({ Action: 'Originate', CallerID: 'panel', Async: 'true', ...fields })
}

/** Asterisk makes a call of each file that appears in its folder. */
function callFile(name: string, lines: Readonly<Record<string, string>>): void {
  const text = Object.entries({ MaxRetries: '0', WaitTime: '3', ...lines }).map(([key, value]) => `${key}: ${value}\n`)
  const spool = join(PLACE.root, 'var/spool/asterisk')
  writeFileSync(join(spool, `${name}.call`), text.join(''))
  renameSync(join(spool, `${name}.call`), join(spool, 'outgoing', `${name}.call`))
}

export const CLICKED: readonly Flow[] = [
  {
    name: 'ari-agent-then-customer-who-hangs-up',
    async play(cast) {
      const pair = await agentThenCustomer(cast)
      await pair.customer.phone.hangUp()
      await clear(pair, pair.customer.channel, pair.agent.channel)
    },
    rows: (names) => [outbound(names, { hangup_by: 'callee' }), MERGED],
  },
  {
    name: 'ari-agent-then-customer-agent-hangs-up',
    async play(cast) {
      const pair = await agentThenCustomer(cast)
      await pair.agent.phone.hangUp()
      await clear(pair, pair.agent.channel, pair.customer.channel)
    },
    rows: (names) => [outbound(names), MERGED],
  },
  {
    name: 'ari-agent-then-customer-created-and-picked-up',
    async play(cast) {
      const { control, agent, far } = await createsCustomer(cast, '6')
      const phone = await cast.phones.picksUp(cast.outside, 1300)
      await talkFor(phone, 1200)
      await clear({ control, agent, customer: { channel: far, phone } }, far, agent.channel)
    },
    rows: (names) => [outbound(names, { hangup_by: 'callee' })],
  },
  {
    name: 'ari-agent-then-customer-created-and-not-picked-up',
    async play(cast) {
      const { control, agent, far } = await createsCustomer(cast, '2')
      await (await cast.phones.rung(cast.outside)).cancelled
      await control.left(far)
      await control.remove('channels', agent.channel)
      await agent.phone.over
      control.close()
    },
    rows: (names) => [vain(names, 'no_answer', { differs: TONES })],
  },
  {
    name: 'ari-agent-then-customer-agent-gives-up',
    async play(cast) {
      const { control, agent, far } = await createsCustomer(cast, '8')
      const ringing = await cast.phones.rung(cast.outside)
      await talkFor(agent.phone, 1200)
      await control.left(agent.channel)
      await control.remove('channels', far)
      await ringing.cancelled
      control.close()
    },
    rows: (names) => [vain(names, 'cancelled', { hangup_by: 'caller', differs: TONES })],
  },
  {
    name: 'ari-click-to-dial-agent-declines',
    async play(cast) {
      const control = await Control.open(cast.name)
      const channel = await control.originate(`PJSIP/${cast.a}`, 'agent')
      const ringing = await cast.phones.rung(cast.a)
      await sleep(600)
      ringing.refuse('603 Decline')
      await control.next(
        'the refusal',
        ({ type, channel: gone }) => type === 'ChannelDestroyed' && gone?.id === channel,
      )
      control.close()
    },
    rows: ({ a }) => [
      {
        direction: 'internal',
        disposition: 'rejected',
        missed: 1,
        caller: a,
        answered_by: [],
        legs: [`${a} rejected`],
      },
    ],
  },
  {
    name: 'ari-customer-first-then-agent',
    async play(cast) {
      const control = await Control.open(cast.name)
      const customer = await called(cast, control, 'customer')
      const agent = await called(cast, control, 'agent')
      await control.bridge('mixing', customer.channel, agent.channel)
      await talkFor(customer.phone, 1300)
      await clear({ control, agent, customer }, customer.channel, agent.channel)
    },
    rows: ({ a }) => [
      {
        ...{ ...ANSWERED, direction: 'inbound', answered_by: [a], hangup_by: 'caller', trunk: 'trunk-b' },
        legs: ['trunk-b answered', `${a} answered`],
      },
      { direction: 'internal', disposition: 'merged', missed: 0, caller: a, legs: [] },
    ],
  },
  {
    name: 'ami-application-dial-customer-hangs-up',
    async play({ phones, a, outside }) {
      await originate({ Channel: `PJSIP/${a}`, Application: 'Dial', Data: `PJSIP/${outside}@trunk-b,8` })
      await phones.picksUp(a, 400)
      await talkFor(await phones.picksUp(outside, 700), 1200)
    },
    rows: (names) => [outbound(names, { hangup_by: 'callee' })],
  },
  {
    name: 'ami-application-dial-customer-busy',
    async play({ phones, a, outside }) {
      await originate({ Channel: `PJSIP/${a}`, Application: 'Dial', Data: `PJSIP/${outside}@trunk-b,8` })
      const agent = await phones.picksUp(a, 400)
      const ringing = await phones.rung(outside)
      await sleep(500)
      ringing.refuse('486 Busy Here')
      await agent.over
    },
    rows: (names) => [vain(names, 'busy', { hangup_by: 'callee' })],
  },
  {
    name: 'ami-extension-customer-does-not-answer',
    async play({ phones, a, outside }) {
      await originate({ Channel: `PJSIP/${a}`, Context: 'cast', Exten: `48${outside}`, Priority: '1' })
      const agent = await phones.picksUp(a, 400)
      await agent.over
    },
    rows: (names) => [vain(names, 'no_answer', { callee: `48${names.outside}` })],
  },
  {
    name: 'ami-local-channel-to-customer',
    async play({ phones, a, outside }) {
      await originate({ Channel: `Local/${a}@cast`, Context: 'cast', Exten: `48${outside}`, Priority: '1' })
      const agent = await phones.picksUp(a, 400)
      await phones.picksUp(outside, 700)
      await talkFor(agent, 1300)
    },
    rows: (names) => [outbound(names, { callee: `48${names.outside}` })],
  },
  {
    name: 'ami-call-into-a-queue',
    config: ({ b, line, name }) => ({
      extensions: extension(line, `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${b}`]),
    }),
    async play({ phones, a, b, line }) {
      await originate({ Channel: `PJSIP/${a}`, Context: 'cast', Exten: line, Priority: '1' })
      const caller = await phones.picksUp(a, 400)
      await phones.picksUp(b, 900)
      await talkFor(caller, 1000)
    },
    rows: ({ a, b, line, name }) => [
      {
        ...{ ...ANSWERED, direction: 'internal', caller: a, callee: line, answered_by: [b], hangup_by: 'caller' },
        ...{ queue: name, legs: [`${a} answered`, `${b} answered`] },
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'campaign-customer-answers-into-a-queue',
    config: ({ a, line, name }) => ({
      extensions: extension(line, `Queue(${name},,,,8)`),
      queues: queue(name, [`PJSIP/${a}`]),
    }),
    async play({ phones, a, outside, line }) {
      await originate({ Channel: `Local/48${outside}@cast`, Context: 'cast', Exten: line, Priority: '1' })
      const customer = await phones.picksUp(outside, 500)
      await phones.picksUp(a, 900)
      await talkFor(customer, 1200)
    },
    rows: ({ a, line, name }) => [
      {
        ...{ ...ANSWERED, direction: 'inbound', callee: line, answered_by: [a], hangup_by: 'caller', queue: name },
        legs: ['trunk-b answered', `${a} answered`],
      },
    ],
    stays: ({ name }) => [{ queue: name, outcome: 'answered' }],
  },
  {
    name: 'call-file-to-customer',
    async play({ phones, a, outside, name }) {
      callFile(name, { Channel: `PJSIP/${a}`, Context: 'cast', Extension: `48${outside}`, Priority: '1' })
      const agent = await phones.picksUp(a, 400)
      await phones.picksUp(outside, 700)
      await talkFor(agent, 1200)
    },
    rows: (names) => [outbound(names, { callee: `48${names.outside}` })],
  },
  {
    name: 'call-file-that-nobody-picks-up',
    async play({ phones, outside, name }) {
      callFile(name, { Channel: `PJSIP/${outside}@trunk-b`, Application: 'Playback', Data: 'beep' })
      await (await phones.rung(outside)).cancelled
    },
    rows: () => [
      {
        ...{ direction: 'outbound', disposition: 'no_answer', missed: 0, trunk: 'trunk-b', answered_by: [] },
        ...{ hangup_by: 'system', legs: ['trunk-b no_answer'] },
      },
    ],
  },
  {
    name: 'cli-originate-to-customer',
    async play({ phones, a, outside }) {
      await cli(`channel originate PJSIP/${a} extension 48${outside}@cast`)
      const agent = await phones.picksUp(a, 400)
      await phones.picksUp(outside, 700)
      await talkFor(agent, 1200)
    },
    rows: (names) => [outbound(names, { callee: `48${names.outside}` })],
  },
]
