// A year of toll calls of a made-up office, and nights in which somebody steals calls.
//
// Pure. Seconds are counted from Monday 00:00 of the first week. The same office gives the same calls.

import type { TollClass } from '../../../src/fraud/tollCall.ts'
import { createRandom, type Random } from '../../../src/pbx-sim/random.ts'
import { isOpen, shareOf } from './officeWeek.ts'

export const SECONDS_A_DAY = 86_400

export interface TollCall {
  readonly startAt: number
  /** Null: nobody answered. */
  readonly answerAt: number | null
  readonly endAt: number
  readonly phone: string
  readonly class: TollClass
  readonly number: string
  readonly country: string
}

export const OFFICE_KINDS = ['never calls abroad', 'calls abroad daily', 'has an export team'] as const
export type OfficeKind = (typeof OFFICE_KINDS)[number]

export interface TollOffice {
  readonly kind: OfficeKind
  readonly seed: number
  readonly days: number
}

/** International calls of a working day, without bursts and nights. */
const CALLS_A_DAY = { 'never calls abroad': 0, 'calls abroad daily': 15, 'has an export team': 80 } as const

/** How often somebody calls a premium number, and a country to which the office has not called, in days. */
const PREMIUM_EVERY = 30
const NEW_COUNTRY_EVERY = 30

/** Those of every week. */
const COUNTRIES = ['DE', 'SE', 'GB', 'EE', 'FR', 'NL', 'PL', 'US', 'IT', 'ES', 'CN', 'IN']

/** The calls that are made in good faith, in no order. */
export function honestCalls({ kind, seed, days }: TollOffice): readonly TollCall[] {
  const random = createRandom(seed)
  const calls: TollCall[] = []
  for (let minute = 0; minute < days * 1_440; minute += 1) {
    const perMinute = (CALLS_A_DAY[kind] * shareOf(minute % 10_080)) / 60
    if (random.chance(perMinute)) {
      calls.push(abroad(random, minute * 60 + random.whole(0, 59), phoneOf(random)))
    }
  }
  for (let day = 0; day < days; day += 1) {
    calls.push(...raritiesOf(random, day, kind))
  }
  for (let week = 0; kind === 'has an export team' && week * 7 < days; week += 1) {
    calls.push(...burst(random, week * 7 + random.whole(0, 4)), ...burst(random, week * 7 + random.whole(0, 4)))
    calls.push(...night(random, week * 7 + 1), ...night(random, week * 7 + 3))
  }
  return calls
}

function raritiesOf(random: Random, day: number, kind: OfficeKind): readonly TollCall[] {
  const at = () => openSecondOf(random, day)
  const isRare = (every: number) => isOpen(day * 1_440 + 600) && random.chance((7 / 5) * (1 / every))
  return [
    ...(isRare(PREMIUM_EVERY)
      ? [conversation(at(), { ...premium(random), phone: phoneOf(random), seconds: random.skewed(150, 0.6) })]
      : []),
    ...(kind !== 'never calls abroad' && isRare(NEW_COUNTRY_EVERY)
      ? [{ ...abroad(random, at(), phoneOf(random)), country: `${String.fromCharCode(65 + (day % 26))}${day}` }]
      : []),
  ]
}

/** An hour in which four people call through a list of companies, some of which have numbers in a row. */
function burst(random: Random, day: number): readonly TollCall[] {
  const from = openSecondOf(random, day) - 1_800
  return ['201', '202', '203', '204'].flatMap((phone) => {
    const calls: TollCall[] = []
    for (let at = from; at < from + 3_600; at = (calls.at(-1)?.endAt ?? at) + random.whole(10, 90)) {
      const call = abroad(random, at, phone)
      const last = calls.at(-1)
      const isSameCompany = last !== undefined && random.chance(0.4)
      calls.push(isSameCompany ? { ...call, number: nextOf(last.number, random), country: last.country } : call)
    }
    return calls
  })
}

/** Somebody else at the same company. */
function nextOf(number: string, random: Random): string {
  return `00${Number(number) + random.whole(1, 10)}`
}

/** Two people call to other time zones, from eight in the evening to four. */
function night(random: Random, day: number): readonly TollCall[] {
  return ['205', '206'].flatMap((phone) => {
    const calls: TollCall[] = []
    for (let at = day * SECONDS_A_DAY + 20 * 3_600; at < (day + 1) * SECONDS_A_DAY + 4 * 3_600; ) {
      const call = abroad(random, at, phone)
      calls.push(call)
      at = call.endAt + Math.round(random.wait(900))
    }
    return calls
  })
}

function openSecondOf(random: Random, day: number): number {
  return day * SECONDS_A_DAY + random.whole(9 * 3_600, 17 * 3_600)
}

function phoneOf(random: Random): string {
  return String(random.whole(101, 120))
}

function abroad(random: Random, startAt: number, phone: string): TollCall {
  // Half of the calls go to the common countries, the others to the rest of them.
  const country = random.chance(0.5) ? random.pick(COUNTRIES.slice(0, 3)) : random.pick(COUNTRIES)
  const number = `00${COUNTRIES.indexOf(country) + 30}${random.whole(100_000_000, 999_999_999)}`
  const to = { class: 'international', country, number, phone } as const
  const seconds = random.skewed(180, 0.9)
  return random.chance(0.75)
    ? conversation(startAt + random.whole(4, 25), { ...to, seconds }, startAt)
    : { ...to, startAt, answerAt: null, endAt: startAt + random.whole(5, 40) }
}

function premium(random: Random) {
  return { class: 'premium', country: '', number: `0600${random.whole(100_000, 999_999)}` } as const
}

type Conversation = Omit<TollCall, 'startAt' | 'answerAt' | 'endAt'> & { readonly seconds: number }

function conversation(answerAt: number, { seconds, ...to }: Conversation, startAt = answerAt - 6): TollCall {
  return { ...to, startAt, answerAt, endAt: Math.ceil(answerAt + Math.max(2, seconds)) }
}

/** How calls are stolen. */
export const FRAUD_KINDS = ['many at once', 'one at a time', 'in opening hours', 'a range of numbers'] as const
export type FraudKind = (typeof FRAUD_KINDS)[number]

/** On a Saturday at two; those in opening hours on a Tuesday at eleven. */
export function beginOf(kind: FraudKind, week: number): number {
  const [day, hour] = kind === 'in opening hours' ? [1, 11] : [5, 2]
  return (week * 7 + day) * SECONDS_A_DAY + hour * 3_600
}

/** What a program does with the password of one phone, for two hours from that second on. */
export function stolenCalls(kind: FraudKind, from: number, seed: number): readonly TollCall[] {
  const random = createRandom(seed)
  const until = from + 7_200
  switch (kind) {
    case 'many at once':
      return lines(random, { from, until, lines: random.whole(10, 30), seconds: 240 })
    case 'in opening hours':
      return lines(random, { from, until, lines: random.whole(10, 30), seconds: 240 })
    case 'one at a time':
      return lines(random, { from, until, lines: 1, seconds: 1_800, only: 'premium' })
    case 'a range of numbers':
      return range(random, from, until)
  }
}

interface Lines {
  readonly from: number
  readonly until: number
  readonly lines: number
  /** Median of the conversations. */
  readonly seconds: number
  readonly only?: 'premium'
}

function lines(random: Random, { from, until, lines: count, seconds, only }: Lines): readonly TollCall[] {
  return Array.from({ length: count }, (_, line) => {
    const calls: TollCall[] = []
    for (let at = from + 6 + 2 * line; at < until; at = (calls.at(-1)?.endAt ?? until) + random.whole(2, 20)) {
      const to =
        only === 'premium' || random.chance(0.4)
          ? premium(random)
          : ({ class: 'international', country: 'CU', number: `0053${random.whole(10_000_000, 99_999_999)}` } as const)
      calls.push(conversation(at, { ...to, phone: '113', seconds: random.skewed(seconds, 0.5) }))
    }
    return calls
  }).flat()
}

/** Which numbers of a range pay: one after the other, for some seconds each. */
function range(random: Random, from: number, until: number): readonly TollCall[] {
  const calls: TollCall[] = []
  let number = 8_821_312_345_600
  for (let startAt = from; startAt < until; startAt += random.whole(15, 25)) {
    number += random.whole(1, 3)
    const to = { class: 'satellite', country: '', number: `00${number}`, phone: '113' } as const
    const endAt = startAt + random.whole(6, 14)
    calls.push({ ...to, startAt, answerAt: random.chance(0.2) ? startAt + 4 : null, endAt })
  }
  return calls
}
