// A night in which somebody steals calls with the password of one phone: first a program looks for numbers that pay, then it calls
// them on many lines at once, at last on one line for an hour.
//
// The trunk is in Finland, as the other numbers of the simulation.

import type { Destination } from '../call/event.ts'
import type { EventQueue } from './clock/eventQueue.ts'
import type { Dialed } from './destinations.ts'
import type { Random } from './random.ts'
import type { ScenarioName } from './scenarios/catalogue.ts'
import type { Simulator } from './simulator.ts'

/** The phone whose password is known. */
const PHONE = '113'

/** One stolen call, and how long after the beginning of the night; the speed divides both spans. */
export interface StolenCall {
  readonly afterMs: number
  readonly scenario: ScenarioName
  readonly phone: string
  readonly dialed: Dialed
  readonly talkMs: number
}

const MINUTE_MS = 60_000
const BEGINS_MS = 2 * MINUTE_MS
const LINES_MS = 15 * MINUTE_MS
const LINES_END_MS = 75 * MINUTE_MS
const ENDS_MS = 135 * MINUTE_MS
const LINES = 20
/** A range of an international network. */
const RANGE = 8_821_312_345_600
const SCANNED = 30
const SATELLITE: Destination = { class: 'satellite', country: '' }
const PREMIUM: Destination = { class: 'premium', country: '' }

/** The calls of the night, in no order. */
export function fraudNight(random: Random): readonly StolenCall[] {
  return [...scan(random), ...lines(random), lastLine()]
}

/** Plays it from now on, if it is asked for. */
export function planFraudNight(
  random: Random,
  sim: {
    readonly fraud?: boolean
    readonly speed: number
    readonly eventQueue: EventQueue
    readonly place: Simulator['place']
  },
): void {
  const scaled = (ms: number) => Math.round(ms / sim.speed)
  for (const { afterMs, scenario, phone, dialed, talkMs } of sim.fraud === true ? fraudNight(random) : []) {
    const fixed = { caller: phone, dialed, talkMs: scaled(talkMs), isStolen: true }
    sim.eventQueue.at(sim.eventQueue.now() + scaled(afterMs), () => void sim.place(scenario, fixed))
  }
}

function scan(random: Random): readonly StolenCall[] {
  return Array.from({ length: SCANNED }, (_, index) => ({
    afterMs: BEGINS_MS + index * 20_000,
    scenario: random.chance(0.3) ? 'outbound' : 'outbound-congestion',
    phone: PHONE,
    dialed: { number: `00${RANGE + 2 * index}`, destination: SATELLITE },
    talkMs: 4_000,
  }))
}

function lines(random: Random): readonly StolenCall[] {
  return Array.from({ length: LINES }, (_, line) => {
    const calls: StolenCall[] = []
    for (let afterMs = LINES_MS + line * 2_000; afterMs < LINES_END_MS; ) {
      const talkMs = Math.max(30_000, Math.round(random.skewed(4 * MINUTE_MS, 0.4)))
      calls.push({ afterMs, scenario: 'outbound', phone: PHONE, dialed: drawNumber(random), talkMs })
      afterMs += talkMs + 20_000
    }
    return calls
  }).flat()
}

function lastLine(): StolenCall {
  const talkMs = ENDS_MS - LINES_END_MS
  return {
    afterMs: LINES_END_MS,
    scenario: 'outbound',
    phone: PHONE,
    dialed: { number: '0600123456', destination: PREMIUM },
    talkMs,
  }
}

function drawNumber(random: Random): Dialed {
  const last = random.whole(1_000_000, 9_999_999)
  return random.pick([
    { number: `00535${last}`, destination: abroad('CU') },
    { number: `00960${last}`, destination: abroad('MV') },
    { number: `0600${last % 100_000}`.padEnd(10, '0'), destination: PREMIUM },
  ])
}

function abroad(country: string): Destination {
  return { class: 'international', country }
}
