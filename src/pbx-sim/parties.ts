// The parties and durations of a call, drawn from the call's own random source.
//
// Durations have a long tail, as in reality: half of the conversations are short, a few are very long.

import type { Parties, Times } from './asterisk/call.ts'
import type { SimEndpoint } from './asterisk/channel.ts'
import { TRUNKS } from './asterisk/endpoints.ts'
import type { World } from './asterisk/world.ts'
import { type Dialed, drawDialed, MOBILE } from './destinations.ts'
import type { Random } from './random.ts'
import type { PlaceOptions } from './simulator.ts'

const TALK_MEDIAN_MS = 75_000
const RING_MEDIAN_MS = 7_000
const PATIENCE_MEDIAN_MS = 18_000
const DIAL_TIMEOUT_MS = 20_000
const LONGEST_TALK_MS = 3_600_000

/** Share of the calls that leave by a trunk and go to no person who calls the office. */
const OTHER_DESTINATION = 0.35

const NAMES = ['Outside Caller', 'Ann Example', 'Acme Ltd', 'J. Doe', '', 'Mobile', 'Zoë Ångström']

/** Draws the parties: different phones, free ones if there are any. */
export function drawParties(world: World, random: Random, fixed: PlaceOptions): Parties {
  const taken = new Set([fixed.caller, fixed.callee, fixed.third].filter((resource) => resource !== undefined))
  const phone = (resource: string | undefined): SimEndpoint => {
    const chosen = resource === undefined ? drawPhone(world, random, taken) : named(world, resource)
    taken.add(chosen.resource)
    return chosen
  }
  const parties = {
    caller: phone(fixed.caller),
    callee: phone(fixed.callee),
    third: phone(fixed.third),
    fourth: phone(undefined),
    unregistered: drawUnregistered(world, random),
    trunk: named(world, fixed.trunk ?? random.pick(TRUNKS)),
    queue: fixed.queue ?? random.pick(['support', 'sales']),
    answerer: fixed.answerer ?? '',
    outside: { name: random.pick(NAMES), number: mobileNumber(random), ...fixed.outside },
  }
  return { ...parties, dialed: drawNumber(random.fork(-1), parties.outside.number, fixed) }
}

// 049 begins no mobile number.
function mobileNumber(random: Random): string {
  const drawn = random.whole(400_000_000, 509_999_999)
  return `0${Math.floor(drawn / 10_000_000) === 49 ? drawn - 10_000_000 : drawn}`
}

function drawNumber(random: Random, outside: string, fixed: PlaceOptions): Dialed {
  if (fixed.dialed !== undefined) {
    return fixed.dialed
  }
  const isOther = fixed.outside?.number === undefined && random.chance(OTHER_DESTINATION)
  return isOther ? drawDialed(random) : { number: outside, destination: MOBILE }
}

/** Draws the durations; `speed` divides them, except those that the caller fixed. */
export function drawTimes(random: Random, options: { readonly speed: number }, fixed: PlaceOptions): Times {
  const scaled = (ms: number): number => Math.max(1, Math.round(ms / options.speed))
  const talk = Math.min(LONGEST_TALK_MS, Math.max(2_000, random.skewed(TALK_MEDIAN_MS, 1)))
  const ring = Math.min(DIAL_TIMEOUT_MS - 1_000, Math.max(500, random.skewed(RING_MEDIAN_MS, 0.6)))
  const patience = Math.max(1_500, random.skewed(PATIENCE_MEDIAN_MS, 0.8))
  return {
    talkMs: fixed.talkMs ?? scaled(talk),
    ringMs: fixed.ringMs ?? scaled(ring),
    patienceMs: fixed.patienceMs ?? scaled(patience),
    dialTimeoutMs: fixed.dialTimeoutMs ?? scaled(DIAL_TIMEOUT_MS),
  }
}

function phones(world: World): readonly SimEndpoint[] {
  return [...world.endpoints.values()].filter((endpoint) => endpoint.role === 'phone')
}

function drawPhone(world: World, random: Random, taken: ReadonlySet<string>): SimEndpoint {
  const there = phones(world).filter((endpoint) => endpoint.online && !taken.has(endpoint.resource))
  const free = there.filter((endpoint) => (world.byEndpoint.get(`PJSIP/${endpoint.resource}`)?.size ?? 0) === 0)
  return random.pick(free.length > 0 ? free : there)
}

// An unregistered phone, or a made-up one if all are registered.
function drawUnregistered(world: World, random: Random): SimEndpoint {
  const off = phones(world).filter((endpoint) => !endpoint.online)
  return off.length > 0 ? random.pick(off) : { ...named(world, '120'), resource: '199', online: false }
}

function named(world: World, resource: string): SimEndpoint {
  const endpoint = world.endpoints.get(resource)
  if (endpoint === undefined) {
    throw new Error(`no such endpoint: ${resource}`)
  }
  return endpoint
}
