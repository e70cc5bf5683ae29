// Alerts on stolen calls that do not cry wolf: the shipped expressions, by a real Prometheus, over years of made-up offices; `for`,
// `keep_firing_for` and Alertmanager's grouping by small models of them.
//
// In each year calls are stolen four times, each time in another way, so far from each other that the last four weeks are calm again. Each
// theft must be told within ten minutes, by a page if it is at night, and in a calm month nobody may be told more than once. Years are
// evaluated every five minutes, the days of the thefts every minute.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Alarm, Notification } from './alertmanagerModel.ts'
import { firingSteps } from './alertState.ts'
import type { Evaluation } from './backfill.ts'
import { durationMs } from './durations.ts'
import { tally } from './executionReport.ts'
import { type History, startHistory } from './history.ts'
import { neededRecords } from './ruleDependencies.ts'
import { findTools } from './servers.ts'
import { type AlertingRule, alertingRules, recordingRules, shippedRules } from './shippedRules.ts'
import { notificationsTold } from './toldNotifications.ts'
import { STAYS_MINUTES, tollSeries } from './tollSeries.ts'
import {
  beginOf,
  FRAUD_KINDS,
  type FraudKind,
  honestCalls,
  OFFICE_KINDS,
  type OfficeKind,
  stolenCalls,
  type TollCall,
} from './tollYear.ts'

/** A Monday, as the model's weeks begin on one. */
const START = Date.UTC(2026, 0, 5) / 1_000
const DAYS = 364
const MINUTES = DAYS * 1_440
const MONTH = 30 * 1_440

const SEEDS = [1, 2]
const TOLD_WITHIN = 10
const MOST_A_MONTH = 1

/** The weeks in which calls are stolen. */
const WEEK_OF: Readonly<Record<FraudKind, number>> = {
  'many at once': 10,
  'one at a time': 22,
  'in opening hours': 34,
  'a range of numbers': 46,
}

interface Office {
  readonly kind: OfficeKind
  readonly seed: number
}

const OFFICES: readonly Office[] = OFFICE_KINDS.flatMap((kind) => SEEDS.map((seed) => ({ kind, seed })))

interface Outcome {
  readonly office: string
  readonly calls: number
  /** What disturbs somebody. */
  readonly told: readonly Notification[]
}

const NAMES = OFFICES.map(nameOf)

const [tools] = findTools().slice(-1)
const records = recordingRules(shippedRules('recording.yml'))
const alerts = alertingRules(shippedRules('alerts.yml')).filter(({ alert }) => alert.startsWith('AsteriskFraud'))

interface Piece {
  /** Minutes. */
  readonly from: number
  readonly to: number
  readonly step: number
}

/** The days of the thefts every minute, all others every five minutes. */
const TIMES: readonly Piece[] = FRAUD_KINDS.toSorted((one, other) => WEEK_OF[one] - WEEK_OF[other]).reduce<Piece[]>(
  (before, kind) => {
    const from = minuteOf(kind) - 60
    const theft = { from, to: from + 1_440, step: 1 }
    return [...before.slice(0, -1), { from: before.at(-1)?.from ?? 0, to: from, step: 5 }, theft, rest(theft.to)]
  },
  [rest(0)],
)

describe('alerts on stolen calls over years of made-up offices', () => {
  const outcomes: Outcome[] = []
  let history: History

  beforeAll(async () => {
    if (tools === undefined) {
      throw new Error('no Prometheus is here')
    }
    const offices = OFFICES.map((office) => ({ instance: nameOf(office), calls: yearOf(office) }))
    const [from, to] = [0, MINUTES]
    history = await startHistory({
      tools,
      span: { start: START, end: START + MINUTES * 60 },
      scraped: tollSeries(offices, { startAt: START, minutes: MINUTES }),
      records: neededRecords(
        alerts.map(({ expr }) => expr),
        records,
      ),
      // Four weeks need no answer every minute; a window of two hours, three an hour.
      evaluation: ({ record }) =>
        (record.endsWith('10m') ? TIMES : [{ from, to, step: record.endsWith('28d') ? 60 : 20 }]).flatMap(
          evaluationsOf,
        ),
      flags: [`--query.lookback-delta=${2 * STAYS_MINUTES}m`],
    })
    const alarms = (await Promise.all(alerts.map((rule) => alarmsOf(rule, history)))).flat()
    outcomes.push(...offices.map(({ instance, calls }) => outcomeOf(instance, calls.length, alarms)))
    process.stdout.write(`${table(outcomes)}\n`)
    tally('simulated years of toll calls', `Prometheus ${tools.prometheusVersion}`, outcomes.length)
  })
  afterAll(() => history?.stop())

  it('there are such alerts', () => {
    expect(alerts).toHaveLength(6)
  })

  it.each(NAMES.flatMap((name) => FRAUD_KINDS.map((fraud) => [name, fraud] as const)))(
    `tell an office that %s of a theft within ${TOLD_WITHIN} minutes: %s`,
    (name, fraud) => {
      const outcome = outcomes.find(({ office }) => office === name)
      expect(foundAfter(outcome, fraud)).toBeLessThanOrEqual(TOLD_WITHIN)
      expect(toldOf(outcome, fraud)[0]?.receiver).toBe('page')
      // The first, the others by then, and one an hour.
      expect(toldOf(outcome, fraud).length).toBeLessThanOrEqual(4)
    },
  )

  it.each(NAMES)(`tell an office that %s of nothing else more than ${MOST_A_MONTH} time a month`, (name) => {
    const calm = outcomes.filter(({ office }) => office === name).flatMap(calmOf)
    const months = Array.from({ length: Math.ceil(MINUTES / MONTH) }, (_, month) => month * MONTH)
    const each = months.map((from) => calm.filter(({ minute }) => minute >= from && minute < from + MONTH).length)
    expect(Math.max(...each)).toBeLessThanOrEqual(MOST_A_MONTH)
  })
})

function rest(from: number): Piece {
  return { from, to: MINUTES, step: 5 }
}

/** In pieces that Prometheus answers. */
function evaluationsOf({ from, to, step }: Piece): readonly Evaluation[] {
  const most = 10_000 * step
  return Array.from({ length: Math.ceil((to - from) / most) }, (_, piece) => ({
    start: START + (from + piece * most) * 60,
    end: START + (Math.min(to, from + (piece + 1) * most) - step) * 60,
    step: step * 60,
  }))
}

function minuteOf(kind: FraudKind): number {
  return beginOf(kind, WEEK_OF[kind]) / 60
}

function nameOf({ kind, seed }: Office): string {
  return `${kind}, seed ${seed}`
}

function yearOf({ kind, seed }: Office): readonly TollCall[] {
  const stolen = FRAUD_KINDS.flatMap((fraud) => stolenCalls(fraud, beginOf(fraud, WEEK_OF[fraud]), seed))
  return [...honestCalls({ kind, seed, days: DAYS }), ...stolen]
}

/** One for each series of the expression, over the minutes of the year. */
async function alarmsOf(rule: AlertingRule, { range }: History): Promise<readonly Alarm[]> {
  const active = new Map<string, { readonly labels: Alarm['labels']; readonly minutes: boolean[] }>()
  for (const evaluation of TIMES.flatMap(evaluationsOf)) {
    for (const { metric, values } of await range(rule.expr, evaluation)) {
      const { __name__, ...labels } = metric
      const key = JSON.stringify(labels)
      const found = active.get(key) ?? { labels, minutes: new Array<boolean>(MINUTES).fill(false) }
      active.set(key, found)
      for (const [at] of values) {
        const minute = (at - START) / 60
        found.minutes.fill(true, minute, minute + evaluation.step / 60)
      }
    }
  }
  const [forSteps, keepFiringSteps] = [durationMs(rule.for) / 60_000, durationMs(rule.keep_firing_for) / 60_000]
  return [...active.values()].map(({ labels, minutes }) => ({
    labels: { ...labels, ...rule.labels, alertname: rule.alert },
    firing: firingSteps(minutes, { forSteps, keepFiringSteps }),
  }))
}

function outcomeOf(office: string, calls: number, alarms: readonly Alarm[]): Outcome {
  return { office, calls, told: notificationsTold(office, alarms, MINUTES) }
}

/** From its first call to three hours after its last one. */
function isOf(fraud: FraudKind, { minute }: Notification): boolean {
  return minute >= minuteOf(fraud) && minute < minuteOf(fraud) + 300
}

function toldOf(outcome: Outcome | undefined, fraud: FraudKind): readonly Notification[] {
  return (outcome?.told ?? []).filter((one) => isOf(fraud, one))
}

function foundAfter(outcome: Outcome | undefined, fraud: FraudKind): number {
  return (toldOf(outcome, fraud)[0]?.minute ?? Number.POSITIVE_INFINITY) - minuteOf(fraud)
}

function calmOf({ told }: Outcome): readonly Notification[] {
  return told.filter((one) => !FRAUD_KINDS.some((fraud) => isOf(fraud, one)))
}

function namesOf(told: readonly Notification[]): string {
  const names = told.flatMap(({ alarms }) =>
    alarms.map(({ labels }) => labels['alertname']?.replace('AsteriskFraud', '')),
  )
  return [...new Set(names)].map((name) => `${name}`).join(', ')
}

function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap((outcome) => [
    ...FRAUD_KINDS.map((fraud) => {
      const told = toldOf(outcome, fraud)
      return [
        outcome.office.padEnd(26),
        fraud.padEnd(18),
        `told after ${foundAfter(outcome, fraud)} min`,
        `${told.length} notifications`,
        namesOf(told),
      ]
    }),
    [
      outcome.office.padEnd(26),
      'the rest of a year',
      `${outcome.calls} toll calls`,
      `${calmOf(outcome).length} notifications`,
      namesOf(calmOf(outcome)),
    ],
  ])
  return [
    `A year with four thefts of calls, Prometheus ${tools?.prometheusVersion}: ${alerts.map(({ alert }) => alert).join(', ')}`,
    ...rows.map((cells) => cells.join(' | ')),
  ].join('\n')
}
