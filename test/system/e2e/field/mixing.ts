// Applications that talk to callers in a mixing bridge of their own: with a recorder, music, a voice bot's media, a snoop
// and any number of members. It is a talk and no conference: who meets in it is one call.

import { setTimeout as sleep } from 'node:timers/promises'
import { ANSWERED, fromOutside, talkFor } from '../families/family.ts'
import { Control } from '../lab/control.ts'
import type { Outgoing } from '../lab/phones/phones.ts'
import type { Talk } from '../lab/phones/talk.ts'
import { extension } from './config.ts'
import type { FieldCast, Flow, Meant, Names } from './flow.ts'

function stasis({ line, name }: Names): { readonly extensions: string } {
  return { extensions: extension(line, `Stasis(${name})`) }
}

interface Room {
  readonly control: Control
  readonly call: Outgoing
  readonly caller: string
  readonly bridge: string
}

/** A caller from outside in the application's mixing bridge. */
async function room(cast: FieldCast): Promise<Room> {
  const control = await Control.open(cast.name)
  const call = cast.phones.call(fromOutside(cast, cast.line))
  const caller = await control.entered()
  await control.post(`/channels/${caller}/answer`)
  const bridge = await control.bridge('mixing', caller)
  return { control, call, caller, bridge }
}

async function record({ control, bridge }: Pick<Room, 'control' | 'bridge'>, { name }: Names): Promise<void> {
  await control.post(`/bridges/${bridge}/record`, { name, format: 'wav', ifExists: 'overwrite' })
}

interface Member {
  readonly phone: Talk
  readonly channel: string
}

/** Has that phone called, and puts it into the bridge when it picks up. */
async function joins({ phones }: FieldCast, { control, bridge }: Room, phone: string): Promise<Member> {
  await control.originate(`PJSIP/${phone}`, phone)
  const talk = await phones.picksUp(phone, 600)
  const channel = await control.entered(phone)
  await control.add(bridge, channel)
  return { phone: talk, channel }
}

/** One party hung up, and the application removes the rest. */
async function clear({ control, bridge }: Room, gone: string, ...others: readonly string[]): Promise<void> {
  await control.left(gone)
  for (const channel of others) {
    await control.remove('channels', channel)
  }
  await control.remove('bridges', bridge)
  control.close()
}

function answered({ outside }: Names, by: string, more: Partial<Meant> = {}): Meant {
  return {
    ...{ ...ANSWERED, direction: 'inbound', caller: outside, trunk: 'trunk-b', answered_by: [by] },
    ...{ hangup_by: 'caller', legs: [`${by} answered`], ...more },
  }
}

const merged = (phone: string): Meant => ({
  ...{ direction: 'internal', disposition: 'merged', missed: 0, caller: phone, legs: [] },
})

const OLDER = "the CDR keeps the answer with the older channel, the agent's"
const ROOM = 'the CDR keeps no answer with the first of those who call the application themselves'

export const MIXING: readonly Flow[] = [
  {
    name: 'ari-recorded-then-agent-who-hangs-up',
    config: stasis,
    async play(cast) {
      const place = await room(cast)
      await record(place, cast)
      await sleep(700)
      const agent = await joins(cast, place, cast.a)
      await talkFor(agent.phone, 1400)
      await clear(place, agent.channel, place.caller)
      await (await place.call.answered).over
    },
    rows: (names) => [answered(names, names.a, { hangup_by: 'callee' }), merged(names.a)],
  },
  {
    name: 'ari-music-then-agent',
    config: stasis,
    async play(cast) {
      const place = await room(cast)
      await place.control.post(`/bridges/${place.bridge}/moh`)
      await sleep(700)
      const agent = await joins(cast, place, cast.a)
      await talkFor(await place.call.answered, 1400)
      await clear(place, place.caller, agent.channel)
    },
    rows: (names) => [answered(names, names.a), merged(names.a)],
  },
  {
    name: 'ari-bot-media-then-agent-then-supervisor',
    config: stasis,
    async play(cast) {
      const place = await room(cast)
      const media = await place.control.media('bot')
      await place.control.entered('bot')
      await place.control.add(place.bridge, media)
      await sleep(600)
      const agent = await joins(cast, place, cast.a)
      await sleep(500)
      const supervisor = await joins(cast, place, cast.b)
      await sleep(700)
      await talkFor(supervisor.phone, 100)
      await talkFor(await place.call.answered, 600)
      await clear(place, place.caller, agent.channel, media)
    },
    rows: (names) => [
      answered(names, names.a, { legs: [`${names.a} answered`, `${names.b} answered`] }),
      merged(names.a),
      merged(names.b),
    ],
  },
  {
    name: 'ari-recorded-bot-and-no-human',
    config: stasis,
    async play(cast) {
      const place = await room(cast)
      await record(place, cast)
      const media = await place.control.media('bot')
      await place.control.entered('bot')
      await place.control.add(place.bridge, media)
      await talkFor(await place.call.answered, 1500)
      await clear(place, place.caller, media)
    },
    rows: ({ outside }) => [
      {
        ...{ direction: 'inbound', disposition: 'self_service', missed: 0, caller: outside, answered_by: [] },
        ...{ hangup_by: 'caller', legs: [], differs: 'the CDR counts the voice bot' },
      },
    ],
  },
  {
    name: 'ari-agent-waits-in-a-recorded-bridge-for-the-caller',
    config: stasis,
    async play(cast) {
      const control = await Control.open(cast.name)
      const bridge = await control.bridge('mixing')
      await record({ control, bridge }, cast)
      await control.originate(`PJSIP/${cast.a}`, 'agent')
      await cast.phones.picksUp(cast.a, 400)
      const agent = await control.entered('agent')
      await control.add(bridge, agent)
      const call = cast.phones.call(fromOutside(cast, cast.line))
      const caller = await control.entered()
      await control.post(`/channels/${caller}/answer`)
      await control.add(bridge, caller)
      await talkFor(await call.answered, 1400)
      await clear({ control, call, caller, bridge }, caller, agent)
    },
    rows: (names) => [merged(names.a), answered(names, names.a, { differs: OLDER })],
  },
  {
    name: 'ari-recorded-and-handed-on-to-a-second-agent',
    config: stasis,
    async play(cast) {
      const place = await room(cast)
      await record(place, cast)
      const first = await joins(cast, place, cast.a)
      await sleep(900)
      await first.phone.hangUp()
      await place.control.left(first.channel)
      const second = await joins(cast, place, cast.b)
      await talkFor(await place.call.answered, 900)
      await clear(place, place.caller, second.channel)
    },
    rows: (names) => [
      answered(names, names.a, { legs: [`${names.a} answered`, `${names.b} answered`] }),
      merged(names.a),
      merged(names.b),
    ],
  },
  {
    name: 'ari-snoop-feeds-a-transcriber',
    config: stasis,
    async play(cast) {
      const place = await room(cast)
      const { control, caller } = place
      const agent = await joins(cast, place, cast.a)
      await control.post(`/channels/${caller}/snoop`, { app: cast.name, appArgs: 'snoop', spy: 'both' })
      const snoop = await control.entered('snoop')
      const media = await control.media('ear')
      await control.entered('ear')
      const ear = await control.bridge('mixing', snoop, media)
      await talkFor(await place.call.answered, 1300)
      await clear(place, caller, agent.channel, snoop, media)
      await control.remove('bridges', ear)
    },
    rows: (names) => [answered(names, names.a), merged(names.a)],
  },
  {
    name: 'ari-room-of-three-phones-recorded',
    config: stasis,
    async play(cast) {
      const { phones, a, b, c, line } = cast
      const control = await Control.open(cast.name)
      const bridge = await control.bridge('mixing')
      await record({ control, bridge }, cast)
      const talks: Talk[] = []
      for (const from of [a, b, c]) {
        const call = phones.call({ from, to: line })
        const channel = await control.entered()
        await control.post(`/channels/${channel}/answer`)
        await control.add(bridge, channel)
        talks.push(await call.answered)
        await sleep(500)
      }
      for (const talk of talks.toReversed()) {
        await talkFor(talk, 400)
      }
      await control.remove('bridges', bridge)
      control.close()
    },
    rows: ({ a, b, c }) => [
      { ...ANSWERED, direction: 'internal', caller: a, answered_by: [b], legs: [], differs: ROOM },
      merged(b),
      merged(c),
    ],
  },
]
