// A week of calls of a made-up office, drawn from a seed: what its people and its callers do, minute by minute.
//
// Pure. Callers that nobody answered call again, as people do: that is part of what an alert has to live with, and of
// how an incident shows. A minute is counted from Monday 00:00.

import type { Direction } from '../../../src/call/event.ts'
import type { Disposition, MissedReason } from '../../../src/call/fact.ts'
import { createRandom, type Random } from '../../../src/pbx-sim/random.ts'

export const MINUTES_A_DAY = 24 * 60
export const MINUTES_A_WEEK = 7 * MINUTES_A_DAY

export interface Office {
  /** Inbound calls of a working day, without those who call again. */
  readonly callsPerDay: number
  readonly seed: number
  /** A span in which nearly all inbound calls are missed. */
  readonly incident: Span
  /** Share of the inbound calls that is missed when nobody is there; during the day it is 12 %. */
  readonly missedAtNight?: number
}

/** From the first minute to the one after the last. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface EndedCall {
  readonly endMinute: number
  /** The person outside who calls; null if somebody inside does. */
  readonly caller: number | null
  readonly direction: Direction
  readonly disposition: Disposition
}

/** Share of the inbound calls that an office misses by day. */
export const MISSED_BY_DAY = 0.12
const MISSED_IN_INCIDENT = 0.9
const CALLS_AGAIN = 0.6
const LONGEST_PATIENCE_MIN = 6
const TALK_MEDIAN_MIN = 2.5

/** Share of a working day's calls in each hour; the two humps of an office. */
const HOURS = [
  0.002, 0.001, 0.001, 0.001, 0.001, 0.004, 0.01, 0.03, 0.085, 0.12, 0.13, 0.105, 0.06, 0.085, 0.115, 0.105, 0.08,
  0.035, 0.012, 0.008, 0.005, 0.003, 0.002, 0.001,
]

/** How busy each day is, from Monday to Sunday. */
const DAYS = [1.1, 1, 1, 0.95, 0.95, 0.15, 0.08]

/** What becomes of missed calls, in hundredths. */
const REASONS: readonly (readonly [MissedReason, number])[] = [
  ['no_answer', 40],
  ['abandoned', 30],
  ['busy', 15],
  ['voicemail', 10],
  ['unreachable', 5],
]

/** Every call that ended within the week. The same office gives the same calls. */
export function weekOf(office: Office): readonly EndedCall[] {
  const random = createRandom(office.seed)
  const [inbound, others] = [random.fork(1), random.fork(2)]
  const calls: EndedCall[] = []
  let callers = 0
  for (let minute = 0; minute < MINUTES_A_WEEK; minute += 1) {
    const perMinute = (office.callsPerDay * shareOf(minute)) / 60
    for (let left = arrivals(inbound, perMinute); left > 0; left -= 1) {
      callers += 1
      calls.push(...callAndAgain({ minute, caller: callers }, office, inbound))
    }
    for (let left = arrivals(others, perMinute / 2); left > 0; left -= 1) {
      calls.push(otherCall(minute, others))
    }
  }
  return calls.filter(({ endMinute }) => endMinute < MINUTES_A_WEEK)
}

/** Share of an ordinary day's calls in the hour of that minute of a week. */
export function shareOf(minute: number): number {
  const [day = 0, hour = 0] = [DAYS[Math.floor(minute / MINUTES_A_DAY)], HOURS[hourOf(minute)]]
  return day * hour
}

/** Whether somebody is in the office, in a minute of any week. */
export function isOpen(minute: number): boolean {
  const day = Math.floor(minute / MINUTES_A_DAY) % 7
  return hourOf(minute) >= 8 && hourOf(minute) < 18 && day < 5
}

function hourOf(minute: number): number {
  return Math.floor((minute % MINUTES_A_DAY) / 60)
}

function arrivals(random: Random, perMinute: number): number {
  let count = 0
  for (let at = random.wait(1 / perMinute); at < 1; at += random.wait(1 / perMinute)) {
    count += 1
  }
  return count
}

function callAndAgain(
  first: { readonly minute: number; readonly caller: number },
  office: Office,
  random: Random,
): readonly EndedCall[] {
  const { caller } = first
  const calls: EndedCall[] = []
  for (let minute = first.minute; ; minute += random.whole(1, LONGEST_PATIENCE_MIN)) {
    const missed = random.chance(missedShare(minute, office))
    const disposition = missed ? drawReason(random) : 'answered'
    const lastsMin = missed ? 1 : Math.ceil(random.skewed(TALK_MEDIAN_MIN, 0.9))
    calls.push({ endMinute: minute + lastsMin, caller, direction: 'inbound', disposition })
    if (!missed || !random.chance(CALLS_AGAIN)) {
      return calls
    }
  }
}

function missedShare(minute: number, { incident, missedAtNight = MISSED_BY_DAY }: Office): number {
  if (minute >= incident.from && minute < incident.to) {
    return MISSED_IN_INCIDENT
  }
  return isOpen(minute) ? MISSED_BY_DAY : missedAtNight
}

function drawReason(random: Random): MissedReason {
  const [reason] = random.pickWeighted(REASONS, ([, share]) => share)
  return reason
}

// Outbound calls have no missed ones; they show that the rules distinguish directions.
function otherCall(minute: number, random: Random): EndedCall {
  const direction = random.chance(0.7) ? 'outbound' : 'internal'
  const disposition = random.chance(0.75) ? 'answered' : random.pick(['no_answer', 'busy', 'cancelled'] as const)
  const endMinute = minute + Math.ceil(random.skewed(TALK_MEDIAN_MIN, 0.9))
  return { endMinute, caller: null, direction, disposition }
}
