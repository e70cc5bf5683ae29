// The agents and callers of one queue of a made-up office, minute by minute: who works, has lunch, a break, or a caller.
//
// Pure. The load has the shape of officeWeek.ts; the team is large enough for its busiest hour. Everybody has an hour of lunch at noon or
// at one, in turns, and two breaks of up to a quarter of an hour. An agent ends a call before a break.

import { createRandom, type Random } from '../../../src/pbx-sim/random.ts'
import { isOpen, MINUTES_A_DAY, MINUTES_A_WEEK, shareOf } from './officeWeek.ts'

export interface Team {
  readonly callsPerDay: number
  readonly seed: number
  readonly weeks: number
  /** What keeps everybody from work, in a minute of these weeks; null: nothing does. */
  readonly mishap: (minute: number) => 'paused' | 'offline' | null
}

/** A queue in one minute. */
export interface QueueMinute {
  readonly waiting: number
  readonly free: number
  readonly talking: number
  readonly paused: number
  readonly offline: number
}

const TALK_MEDIAN_MIN = 2.5
const HANDLED_MEAN_MIN = 4.5
const BUSIEST_SHARE = 0.145
const OCCUPANCY = 0.6
const PATIENCE_MEDIAN_MIN = 1.5
const LONGEST_PATIENCE_MIN = 4

/** Every minute of the weeks. The same team gives the same minutes. */
export function minutesOf({ callsPerDay, seed, weeks, mishap }: Team): readonly QueueMinute[] {
  const random = createRandom(seed)
  const size = Math.ceil((callsPerDay * BUSIEST_SHARE * HANDLED_MEAN_MIN) / 60 / OCCUPANCY)
  const agents = Array.from({ length: size }, (_, index) => newAgent(index, random.fork(index)))
  let waiting: { readonly until: number }[] = []
  return Array.from({ length: weeks * MINUTES_A_WEEK }, (_, minute) => {
    const present = agents.map((agent) => stateOf(agent, minute, mishap))
    const free = agents.filter((_agent, index) => present[index] === 'free')
    waiting = [...waiting.filter(({ until }) => until > minute), ...arrivals(minute, callsPerDay, random)]
    const served = waiting.splice(0, free.length)
    served.forEach((_caller, index) => {
      const agent = free[index]
      if (agent !== undefined) {
        agent.busyUntil = minute + Math.ceil(random.skewed(TALK_MEDIAN_MIN, 0.7)) + 1
      }
    })
    const count = (state: State) => present.filter((one) => one === state).length
    const talking = count('talking') + served.length
    return {
      waiting: waiting.length,
      free: count('free') - served.length,
      talking,
      paused: count('paused'),
      offline: count('offline'),
    }
  })
}

type State = 'free' | 'talking' | 'paused' | 'offline'

interface TeamAgent {
  readonly index: number
  readonly random: Random
  busyUntil: number
  /** The day that the hours are of. */
  day: number
  hours: { readonly from: number; readonly to: number; readonly breaks: readonly (readonly [number, number])[] }
}

function newAgent(index: number, random: Random): TeamAgent {
  return { index, random, busyUntil: 0, day: -1, hours: { from: 0, to: 0, breaks: [] } }
}

function stateOf(agent: TeamAgent, minute: number, mishap: Team['mishap']): State {
  const day = Math.floor(minute / MINUTES_A_DAY)
  if (day !== agent.day) {
    agent.day = day
    agent.hours = hoursOf(agent, day)
  }
  if (agent.busyUntil > minute) {
    return 'talking'
  }
  const { from, to, breaks } = agent.hours
  const now = minute % MINUTES_A_DAY
  if (now < from || now >= to || !isOpen(day * MINUTES_A_DAY + 12 * 60)) {
    return 'offline'
  }
  const kept = mishap(minute)
  return kept ?? (breaks.some(([start, end]) => now >= start && now < end) ? 'paused' : 'free')
}

// Lunch changes from week to week; nobody comes or goes at the same minute each day.
function hoursOf({ index, random }: TeamAgent, day: number): TeamAgent['hours'] {
  const around = (hour: number) => hour * 60 + random.whole(-10, 10)
  const lunch = around(12 + ((index + Math.floor(day / 7)) % 2))
  const coffees = [9.5, 15].map((hour) => hour * 60 + random.whole(0, 90))
  return {
    from: around(8),
    to: around(18),
    breaks: [[lunch, lunch + 60], ...coffees.map((start) => [start, start + random.whole(5, 15)] as const)],
  }
}

function arrivals(minute: number, callsPerDay: number, random: Random): readonly { readonly until: number }[] {
  const perMinute = (callsPerDay * shareOf(minute % MINUTES_A_WEEK)) / 60
  const callers = []
  for (let at = random.wait(1 / perMinute); at < 1; at += random.wait(1 / perMinute)) {
    callers.push({ until: minute + Math.min(LONGEST_PATIENCE_MIN, random.skewed(PATIENCE_MEDIAN_MIN, 0.6)) })
  }
  return callers
}
