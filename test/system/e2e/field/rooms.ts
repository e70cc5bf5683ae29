// Applications where customers wait in one bridge and agents in another, in any order: the customer's call is answered
// by the agent, and the agent, who only waits, is served by the PBX.

import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, fromOutside, talkFor } from '../families/family.ts'
import { Control } from '../lab/control.ts'
import type { Talk } from '../lab/phones/talk.ts'
import { extension } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'

interface Waiting {
  readonly channel: string
  readonly room: string
  readonly phone: Talk
}

function rooms({ line, name }: Names): { readonly extensions: string } {
  return {
    extensions: [
      extension(`${line}1`, `Stasis(${name},agent)`),
      extension(`${line}2`, `Stasis(${name},customer)`),
    ].join('\n'),
  }
}

/** The agent or the customer calls the application and waits in a room of their own. */
async function waits(cast: FieldCast, control: Control, who: 'agent' | 'customer'): Promise<Waiting> {
  const { phones, a, line } = cast
  const call = phones.call(who === 'agent' ? { from: a, to: `${line}1` } : fromOutside(cast, `${line}2`))
  const channel = await control.entered(who)
  await control.post(`/channels/${channel}/answer`)
  const room = await control.bridge('holding', channel)
  const phone = await call.answered
  await sleep(700)
  return { channel, room, phone }
}

async function serve(cast: FieldCast, order: readonly ('agent' | 'customer')[]): Promise<void> {
  const control = await Control.open(cast.name)
  const all = new Map<string, Waiting>()
  for (const who of order) {
    all.set(who, await waits(cast, control, who))
  }
  const [agent, customer] = [all.get('agent'), all.get('customer')]
  if (agent === undefined || customer === undefined) {
    throw new Error('Somebody never came.')
  }
  const talk = await control.bridge('mixing', customer.channel, agent.channel)
  await talkFor(customer.phone, 1400)
  await control.left(customer.channel)
  await control.add(agent.room, agent.channel)
  await talkFor(agent.phone, 500)
  for (const bridge of [talk, agent.room, customer.room]) {
    await control.remove('bridges', bridge)
  }
  control.close()
}

function agentRow({ a }: Names, differs?: string): Meant {
  return {
    ...{ caller: a, direction: 'internal', disposition: 'self_service', missed: 0, hangup_by: 'caller' },
    ...{ answered_by: [], legs: [], ...(differs === undefined ? {} : { differs }) },
  }
}

function customerRow({ a, outside }: Names, differs?: string): Meant {
  return {
    ...{ ...ANSWERED, caller: outside, direction: 'inbound', answered_by: [a], hangup_by: 'caller' },
    ...{ legs: [`${a} answered`], ...(differs === undefined ? {} : { differs }) },
  }
}

const WAITED = 'the agent only waits; the customer who is connected is a call of their own'
const ONE = 'Asterisk holds both for one call, until the agent is gone'

export const ROOMS: readonly Flow[] = [
  {
    name: 'ari-both-wait-the-agent-came-first',
    config: rooms,
    play: (cast) => serve(cast, ['agent', 'customer']),
    rows: (names) => [agentRow(names, WAITED), customerRow(names, ONE)],
  },
  {
    name: 'ari-both-wait-the-customer-came-first',
    config: rooms,
    play: (cast) => serve(cast, ['customer', 'agent']),
    rows: (names) => [customerRow(names, ONE), agentRow(names, WAITED)],
  },
  {
    name: 'ari-local-bridged-early-and-nobody-picks-up',
    config: ({ line, name }) => ({ extensions: extension(line, `Stasis(${name})`) }),
    async play(cast) {
      const control = await Control.open(cast.name)
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const caller = await control.entered()
      await control.post(`/channels/${caller}/answer`)
      const callee = await control.create(`Local/${cast.a}@field/n`, 'callee', { originator: caller })
      await control.entered('callee')
      await control.bridge('mixing', caller, callee)
      await control.dial(callee, { caller, timeout: '2' })
      await (await cast.phones.rung(cast.a)).cancelled
      await control.left(callee)
      await control.remove('channels', caller)
      await (await call.answered).over
      control.close()
    },
    rows: ({ a, outside }) => [
      {
        ...{ direction: 'inbound', disposition: 'no_answer', missed: 1, caller: outside, answered_by: [] },
        ...{
          hangup_by: 'system',
          legs: [`${a} no_answer`],
          differs: 'the CDR counts who was only bridged for the tones',
        },
      },
    ],
  },
  {
    name: 'ari-local-bridged-early-and-picked-up',
    config: ({ line, name }) => ({ extensions: extension(line, `Stasis(${name})`) }),
    async play(cast) {
      const control = await Control.open(cast.name)
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const caller = await control.entered()
      await control.post(`/channels/${caller}/answer`)
      const callee = await control.create(`Local/${cast.a}@field/n`, 'callee', { originator: caller })
      await control.entered('callee')
      await control.bridge('mixing', caller, callee)
      await control.dial(callee, { caller, timeout: '6' })
      await cast.phones.picksUp(cast.a, 1500)
      await sleep(1200)
      await talkFor(await call.answered, 0)
      await control.left(caller)
      await control.remove('channels', callee)
      control.close()
    },
    rows: (names) => [customerRow(names)],
  },
]
