// Missed-call alerts that do not cry wolf: the shipped expressions, by a real Prometheus, over weeks of made-up offices of
// three sizes and a very small one; `for`, `keep_firing_for` and Alertmanager's grouping by small models of them.
//
// Each week has one incident, two hours in which nearly all inbound calls are missed: its notification must come soon. No
// alert may notify more than three times a week.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alarmsOf } from './alarms.ts'
import type { Alarm } from './alertmanagerModel.ts'
import { tally } from './executionReport.ts'
import { type History, startHistory } from './history.ts'
import { type EndedCall, MINUTES_A_DAY, MINUTES_A_WEEK, type Span, weekOf } from './officeWeek.ts'
import { namesIn, neededRecords } from './ruleDependencies.ts'
import { findTools } from './servers.ts'
import { type AlertingRule, alertingRules, recordingRules, shippedRules } from './shippedRules.ts'
import { notificationsTold } from './toldNotifications.ts'
import { weekSeries } from './weekSeries.ts'

/** A Monday, as the model's weeks begin on one. */
const START = Date.UTC(2026, 0, 5) / 1_000
const WEEK = { start: START, end: START + (MINUTES_A_WEEK - 1) * 60 }

const WEDNESDAY_AT_10 = 2 * MINUTES_A_DAY + 10 * 60
const INCIDENT: Span = { from: WEDNESDAY_AT_10, to: WEDNESDAY_AT_10 + 120 }

/** An office, and the seeds of its weeks: more of them where chance counts for more. */
interface Kind {
  readonly name: string
  readonly callsPerDay: number
  readonly seeds: readonly number[]
  readonly missedAtNight?: number
}

const KINDS: readonly Kind[] = [
  { name: '10 calls a day', callsPerDay: 10, seeds: [1, 2, 3, 4, 5] },
  { name: '30 calls a day', callsPerDay: 30, seeds: [1, 2, 3, 4, 5] },
  { name: '300 calls a day', callsPerDay: 300, seeds: [1, 2, 3] },
  { name: '3000 calls a day', callsPerDay: 3_000, seeds: [1, 2, 3] },
  { name: '30, all missed out of hours', callsPerDay: 30, seeds: [6], missedAtNight: 1 },
  { name: '3000, all missed out of hours', callsPerDay: 3_000, seeds: [6], missedAtNight: 1 },
]
const NAMES = KINDS.map(({ name }) => name)

/** So few callers who reach nobody are an ordinary morning. */
const FEWEST_IN_AN_INCIDENT = 3

const MOST_A_WEEK = 3
const FOUND_WITHIN_MIN = 30

const NAIVE: AlertingRule = {
  alert: 'naive',
  expr: `sum by (job, instance) (increase(asterisk_missed_calls_total{direction="inbound"}[5m]))
    / (sum by (job, instance) (increase(asterisk_calls_total{direction="inbound"}[5m])) > 0) > 0.2`,
  for: '0s',
  keep_firing_for: '0s',
  labels: {},
  annotations: {},
}

/** One simulated week of one office. */
interface Week {
  readonly kind: string
  readonly seed: number
  readonly firstMissedAt: number
  readonly callsMissedInIncident: number
}

interface Outcome extends Week {
  readonly notified: number
  /** Minutes from the first call that the incident missed to the first notification after it; null: never. */
  readonly foundAfterMin: number | null
}

const [tools] = findTools().slice(-1)
const records = recordingRules(shippedRules('recording.yml'))
const missedCallAlerts = alertingRules(shippedRules('alerts.yml')).filter(standsOnMissedCalls)

describe('missed-call alerts over weeks of made-up offices', () => {
  const weeks: Week[] = []
  const outcomes: Outcome[] = []
  const naive: Outcome[] = []
  let history: History

  beforeAll(async () => {
    if (tools === undefined) {
      throw new Error('no Prometheus is here')
    }
    const offices = KINDS.flatMap((kind) => kind.seeds.map((seed) => ({ kind, seed })))
    const series = offices.map(({ kind, seed }) => {
      const calls = weekOf({ ...kind, seed, incident: INCIDENT })
      const week = { kind: kind.name, seed, ...incidentIn(calls) }
      weeks.push(week)
      return { instance: instanceOf(week), calls }
    })
    history = await startHistory({
      tools,
      span: WEEK,
      scraped: weekSeries(series, START),
      records: neededRecords(
        missedCallAlerts.map(({ expr }) => expr),
        records,
      ),
    })
    const alarms = (await Promise.all(missedCallAlerts.map((rule) => alarmsOf(rule, history, WEEK)))).flat()
    outcomes.push(...weeks.map((week) => outcomeOf(week, alarms)))
    const naiveAlarms = await alarmsOf(NAIVE, history, WEEK)
    naive.push(...weeks.map((week) => outcomeOf(week, naiveAlarms)))
    process.stdout.write(`${table(outcomes, naive)}\n`)
    tally('simulated weeks of an office', `Prometheus ${tools.prometheusVersion}`, weeks.length)
  })
  afterAll(() => history?.stop())

  it('there are such alerts', () => {
    expect(missedCallAlerts.length).toBeGreaterThan(0)
  })

  it.each(NAMES)(`notify at most ${MOST_A_WEEK} times a week with every seed: %s`, (kind) => {
    for (const { notified, seed } of of(outcomes, kind)) {
      expect(notified, `seed ${seed}`).toBeLessThanOrEqual(MOST_A_WEEK)
    }
  })

  it.each(NAMES)('find the incident: %s', (kind) => {
    const seen = of(outcomes, kind).filter((week) => week.callsMissedInIncident >= FEWEST_IN_AN_INCIDENT)
    expect(seen.length).toBeGreaterThan(0)
    for (const { foundAfterMin, seed } of seen) {
      expect(foundAfterMin, `seed ${seed}`).not.toBeNull()
    }
  })

  it.each(NAMES.slice(1, 4))(`find it within ${FOUND_WITHIN_MIN} minutes, in the median: %s`, (kind) => {
    expect(median(minutes(of(outcomes, kind)))).toBeLessThanOrEqual(FOUND_WITHIN_MIN)
  })

  it('a plain ratio over five minutes flaps in this simulation', () => {
    for (const kind of NAMES.slice(2, 4)) {
      expect(median(of(naive, kind).map(({ notified }) => notified))).toBeGreaterThan(20)
    }
  })
})

function standsOnMissedCalls({ expr }: AlertingRule): boolean {
  const exprs = [expr, ...neededRecords([expr], records).flatMap((level) => level.map((rule) => rule.expr))]
  return exprs.some((one) => namesIn(one).has('asterisk_missed_calls_total'))
}

function instanceOf({ kind, seed }: Pick<Week, 'kind' | 'seed'>): string {
  return `${kind}, seed ${seed}`
}

function incidentIn(calls: readonly EndedCall[]): Pick<Week, 'firstMissedAt' | 'callsMissedInIncident'> {
  const missed = calls.filter(
    ({ endMinute, direction, disposition }) =>
      direction === 'inbound' && disposition !== 'answered' && endMinute > INCIDENT.from && endMinute <= INCIDENT.to,
  )
  return {
    firstMissedAt: Math.min(...missed.map(({ endMinute }) => endMinute)),
    callsMissedInIncident: missed.length,
  }
}

function outcomeOf(week: Week, alarms: readonly Alarm[]): Outcome {
  const notified = notificationsTold(instanceOf(week), alarms, MINUTES_A_WEEK)
  const found = notified.find(({ minute }) => minute >= INCIDENT.from && minute <= INCIDENT.to)
  return {
    ...week,
    notified: notified.length,
    foundAfterMin: found === undefined ? null : found.minute - week.firstMissedAt,
  }
}

function of(outcomes: readonly Outcome[], kind: string): readonly Outcome[] {
  return outcomes.filter((outcome) => outcome.kind === kind)
}

function minutes(outcomes: readonly Outcome[]): readonly number[] {
  return outcomes.map(({ foundAfterMin }) => foundAfterMin ?? Number.POSITIVE_INFINITY)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

function table(outcomes: readonly Outcome[], naive: readonly Outcome[]): string {
  const each = (list: readonly (number | null)[]) => list.map((value) => value ?? 'never').join(', ')
  const rows = NAMES.map((kind) => {
    const some = of(outcomes, kind)
    const cells = [
      each(some.map(({ seed }) => seed)),
      each(some.map(({ notified }) => notified)),
      each(some.map(({ foundAfterMin }) => foundAfterMin)),
      each(some.map(({ callsMissedInIncident }) => callsMissedInIncident)),
      each(of(naive, kind).map(({ notified }) => notified)),
    ]
    return [kind.padEnd(30), ...cells].join(' | ')
  })
  return [
    `Seven days, an incident of two hours, Prometheus ${tools?.prometheusVersion}: ${missedCallAlerts.map(({ alert }) => alert).join(', ')}`,
    'office                         | seeds | notifications a week | found after (minutes) | missed in the incident | a naive ratio over 5m would notify',
    ...rows,
  ].join('\n')
}
