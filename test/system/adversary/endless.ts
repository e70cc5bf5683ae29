// Calls without bounds (point 12): legs, members, channels, ends and names by the thousand, from a defective Asterisk.
//
// Each has a world of its own, whose ordinary calls go on beside. Frames are made when they are sent, at a pace that many a PBX
// would not keep up: more than any listener can read in time waits in its sockets.

import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, get, scrape, sumOf } from '../program/program.ts'
import { type Acted, type Attack, inWorld } from './attack.ts'
import {
  type Channel,
  channelsFrom,
  created,
  destroyed,
  dialed,
  entered,
  type Frame,
  left,
  runs,
  up,
} from './frames.ts'
import type { World } from './world.ts'

const LEGS = 5_000
const PHONES = 10
const MEMBERS = 600
const CHANNELS = 101_000
const FOLLOWED = 100_000
const NAMES = 5_000
const HEARD_WITHIN_MS = 60_000
/** Of so many live channels that no PBX has. */
const MOST_MEMORY_MB = 800
const EVENTS_A_SECOND = 4_000
const TICK_MS = 10

/** Far from what the simulated PBX gives its own. */
const channel = channelsFrom(5_000_000)

const legs = endless(`${LEGS} legs in one call`, async (world) => {
  const events = await sent(world, rounds())
  return { tried: `a queue that tries ${PHONES} phones again and again, ${events} events` }
})

function* rounds(): Iterable<Frame> {
  const caller = channel('trunk-endless')
  yield created(caller)
  yield runs(caller, 'Queue', 'endless')
  for (let round = 0; round < LEGS / PHONES; round += 1) {
    const phones = Array.from({ length: PHONES }, (_, index) => channel(`9${index}`))
    for (const phone of phones) {
      yield created(phone, 'Down')
      yield dialed(caller, phone)
      yield dialed(caller, phone, 'RINGING')
    }
    for (const phone of phones) {
      yield dialed(caller, phone, 'NOANSWER')
      yield destroyed(phone)
    }
  }
  yield destroyed(caller)
}

const members = endless(`${MEMBERS} channels in one bridge`, async (world) => {
  const events = await sent(world, bridgeOf(Array.from({ length: MEMBERS }, () => channel('trunk-endless'))))
  return { tried: `all come, talk and go, ${events} events` }
})

function* bridgeOf(all: readonly Channel[]): Iterable<Frame> {
  const ids = all.map(({ id }) => id)
  for (const one of all) {
    yield created(one)
    yield up(one)
  }
  for (const [index, one] of all.entries()) {
    yield entered(one, ids.slice(0, index + 1))
  }
  for (const [index, one] of all.entries()) {
    yield left(one, ids.slice(index + 1))
  }
  for (const one of all) {
    yield destroyed(one)
  }
}

const channels = endless(`${CHANNELS} channels that never end`, async (world) => {
  await sent(world, lone(CHANNELS))
  const live = await active(world)
  // None of them is in the list of the next connection.
  world.pauseObservation()
  world.pbx.dropSockets()
  const still = await eventually(
    () => active(world),
    (calls) => calls < 1_000,
    HEARD_WITHIN_MS,
  )
  await eventually(world.subject.isReady, Boolean, HEARD_WITHIN_MS)
  world.startObservation()
  return {
    tried: `${live} calls live at most; then all but ${still} end at once`,
    held: live <= FOLLOWED + 1_000,
    mostMemoryMb: MOST_MEMORY_MB,
  }
})

function* lone(count: number): Iterable<Frame> {
  for (let made = 0; made < count; made += 1) {
    yield created(channel('trunk-endless'))
  }
}

async function active({ subject }: World): Promise<number> {
  return sumOf(await scrape(subject.port), 'asterisk_calls_active')
}

const names = endless(`${NAMES} names of endpoints and of queues`, async (world) => {
  await sent(world, named(NAMES))
  const { text } = await get(world.subject.port, '/metrics')
  return { tried: `as many calls; /metrics has ${Math.round(text.length / 1_000)} KB`, held: text.length < 2_000_000 }
})

function* named(count: number): Iterable<Frame> {
  for (let made = 0; made < count; made += 1) {
    const caller = channel(`endless-${made}`)
    yield created(caller)
    yield runs(caller, 'Queue', `endless-${made}`)
    yield destroyed(caller)
  }
}

export const ENDLESS: readonly Attack[] = [legs, members, channels, names]

function endless(name: string, act: (world: World) => Promise<Acted>): Attack {
  const pbx = { maxBufferedBytes: Number.POSITIVE_INFINITY }
  return { point: 12, name, on: 'its own', run: (stage) => inWorld(stage, { callsPerSecond: 20, pbx }, act) }
}

/** Sends them at the pace; resolves with how many they were when all were heard. */
async function sent({ pbx, subject }: World, frames: Iterable<Frame>): Promise<number> {
  const heard = async (): Promise<number> => sumOf(await scrape(subject.port), 'asterisk_exporter_events_total')
  const before = await heard()
  const begin = performance.now()
  let count = 0
  for (const frame of frames) {
    pbx.sendRaw(frame)
    count += 1
    const early = begin + (count * 1_000) / EVENTS_A_SECOND - performance.now()
    if (early > TICK_MS) {
      await sleep(early)
    }
  }
  await eventually(heard, (events) => events >= before + count, HEARD_WITHIN_MS)
  return count
}
