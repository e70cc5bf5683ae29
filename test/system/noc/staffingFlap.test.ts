// Alerts on agents that do not cry wolf: the shipped expressions, by a real Prometheus, over two weeks of made-up offices of four sizes;
// `for` and Alertmanager's grouping by small models of them.
//
// An office with lunch breaks, coffee breaks and people who come late is never told. One to which nobody comes on a morning, or in which
// everybody is paused, is told soon, whether anybody calls or not. Only the second week is looked at; the first is what it is compared with.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alarmsOf } from './alarms.ts'
import type { Notification } from './alertmanagerModel.ts'
import { tally } from './executionReport.ts'
import { type History, startHistory } from './history.ts'
import { MINUTES_A_DAY, MINUTES_A_WEEK } from './officeWeek.ts'
import { namesIn, neededRecords } from './ruleDependencies.ts'
import { findTools } from './servers.ts'
import { alertingRules, recordingRules, shippedRules } from './shippedRules.ts'
import { staffingSeries } from './staffingSeries.ts'
import { minutesOf, type Team } from './staffingWeek.ts'
import { alertOf, clockOf, notificationsTold } from './toldNotifications.ts'

/** A Monday, as the model's weeks begin on one. */
const START = Date.UTC(2026, 0, 5) / 1_000
const WEEKS = 2
const END = START + (WEEKS * MINUTES_A_WEEK - 1) * 60
const SECOND = { start: START + MINUTES_A_WEEK * 60, end: END }

const WEDNESDAY = 2 * MINUTES_A_DAY
/** Opening hours of alertmanager.yml begin an hour after the office opens. */
const SENT_FROM = WEDNESDAY + 9 * 60
const PAUSED_FROM = WEDNESDAY + 10 * 60
const TOLD_WITHIN = 30
const SEEDS = [1, 2, 3]
const SIZES = [10, 30, 300, 3_000]

const KINDS = {
  normal: { mishap: () => null, from: 0 },
  'nobody comes': { mishap: onWednesday('offline', WEDNESDAY), from: SENT_FROM },
  'everybody is paused': { mishap: onWednesday('paused', PAUSED_FROM), from: PAUSED_FROM },
} as const satisfies Readonly<Record<string, { readonly mishap: Team['mishap']; readonly from: number }>>

type Kind = keyof typeof KINDS

interface Office {
  readonly kind: Kind
  readonly callsPerDay: number
  readonly seed: number
}

const OFFICES: readonly Office[] = (['normal', 'nobody comes', 'everybody is paused'] as const).flatMap((kind) =>
  SIZES.flatMap((callsPerDay) => SEEDS.map((seed) => ({ kind, callsPerDay, seed }))),
)

const [tools] = findTools().slice(-1)
const records = recordingRules(shippedRules('recording.yml'))
const alerts = alertingRules(shippedRules('alerts.yml')).filter(({ expr }) =>
  [...namesIn(expr)].some((name) => name.includes('queue_agents')),
)

describe('alerts on agents over weeks of made-up offices', () => {
  const told = new Map<string, readonly Notification[]>()
  let history: History

  beforeAll(async () => {
    if (tools === undefined) {
      throw new Error('no Prometheus is here')
    }
    const queues = OFFICES.map((office) => ({
      instance: nameOf(office),
      minutes: minutesOf({ ...office, weeks: WEEKS, mishap: KINDS[office.kind].mishap }),
    }))
    history = await startHistory({
      tools,
      span: SECOND,
      // Often enough for what Prometheus looks back, and less than it answers at most.
      evaluation: { start: START, end: END, step: 120 },
      scraped: staffingSeries(queues, START),
      records: neededRecords(
        alerts.map(({ expr }) => expr),
        records,
      ),
    })
    const alarms = (await Promise.all(alerts.map((rule) => alarmsOf(rule, history, SECOND)))).flat()
    for (const office of OFFICES) {
      told.set(nameOf(office), notificationsTold(nameOf(office), alarms, MINUTES_A_WEEK))
    }
    process.stdout.write(`${table(told)}\n`)
    tally('simulated weeks of agents', `Prometheus ${tools.prometheusVersion}`, OFFICES.length)
  })
  afterAll(() => history?.stop())

  it('there are such alerts', () => {
    expect(alerts).toHaveLength(3)
  })

  it.each(of('normal'))('never tell an office with breaks: %s', (name) => {
    expect(told.get(name)?.map((one) => [one.minute, alertOf(one)])).toEqual([])
  })

  it.each([...of('nobody comes'), ...of('everybody is paused')])(`tell within ${TOLD_WITHIN} minutes: %s`, (name) => {
    const [first] = told.get(name) ?? []
    const from = KINDS[name.startsWith('nobody') ? 'nobody comes' : 'everybody is paused'].from
    expect(first?.minute).toBeGreaterThanOrEqual(from)
    expect(first?.minute).toBeLessThanOrEqual(from + TOLD_WITHIN)
  })

  it('page if nobody comes', () => {
    for (const name of of('nobody comes')) {
      expect([name, told.get(name)?.some(({ receiver }) => receiver === 'page')]).toEqual([name, true])
    }
  })
})

function onWednesday(state: 'paused' | 'offline', from: number): Team['mishap'] {
  const until = WEDNESDAY + MINUTES_A_DAY
  return (minute) => (minute >= MINUTES_A_WEEK + from && minute < MINUTES_A_WEEK + until ? state : null)
}

function nameOf({ kind, callsPerDay, seed }: Office): string {
  return `${kind}, ${callsPerDay} calls a day, seed ${seed}`
}

function of(kind: Kind): readonly string[] {
  return OFFICES.filter((office) => office.kind === kind).map(nameOf)
}

function table(told: ReadonlyMap<string, readonly Notification[]>): string {
  const rows = [...told].map(([name, all]) => {
    const each = all.map((one) => `${alertOf(one)} at ${clockOf(one.minute)}`)
    return `${name.padEnd(50)} | ${all.length} notifications | ${each.slice(0, 4).join(', ')}`
  })
  return [
    `The second of two weeks, Prometheus ${tools?.prometheusVersion}: ${alerts.map(({ alert }) => alert).join(', ')}`,
    ...rows,
  ].join('\n')
}
