// Alerts on the voice of trunks that do not cry wolf: the shipped expressions, by a real Prometheus, over weeks of made-up offices of four
// sizes; `keep_firing_for` and Alertmanager's grouping by small models of them.
//
// A trunk on which a few conversations are in trouble now and then is never told. One on which a third of them has one-way audio, or half of
// them lose packets, is told soon where it carries enough calls to be sure.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alarmsOf } from './alarms.ts'
import type { Notification } from './alertmanagerModel.ts'
import { tally } from './executionReport.ts'
import { type History, startHistory } from './history.ts'
import { MINUTES_A_DAY, MINUTES_A_WEEK, type Span } from './officeWeek.ts'
import { namesIn, neededRecords } from './ruleDependencies.ts'
import { findTools } from './servers.ts'
import { alertingRules, recordingRules, shippedRules } from './shippedRules.ts'
import { alertOf, clockOf, notificationsTold } from './toldNotifications.ts'
import { voiceSeries } from './voiceSeries.ts'
import { type TrunkWeek, trunkMinutes } from './voiceWeek.ts'

/** A Monday, as the model's weeks begin on one. */
const START = Date.UTC(2026, 0, 5) / 1_000
const WEEK = { start: START, end: START + (MINUTES_A_WEEK - 1) * 60 }

const WEDNESDAY_AT_10 = 2 * MINUTES_A_DAY + 10 * 60
const FAULT: Span = { from: WEDNESDAY_AT_10, to: WEDNESDAY_AT_10 + 120 }
/** With few calls, a fault of two hours is told again after a quarter of an hour without any in trouble. */
const MOST = 2
const SEEDS = [1, 2, 3, 4, 5]
const SIZES = [10, 30, 300, 3_000]

const KINDS = {
  normal: { fault: null, alert: '', sizes: [], within: 0 },
  'one-way audio': {
    fault: { ...FAULT, problem: 'one_way', share: 0.33 },
    alert: 'AsteriskTrunkOneWayAudio',
    within: 15,
    sizes: [300, 3_000],
  },
  'lost packets': {
    fault: { ...FAULT, problem: 'loss', share: 0.5 },
    alert: 'AsteriskTrunkVoicePoor',
    within: 45,
    sizes: [300, 3_000],
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly fault: TrunkWeek['fault']
      readonly alert: string
      /** It is told with so many calls a day, within so many minutes. */
      readonly sizes: readonly number[]
      readonly within: number
    }
  >
>

type Kind = keyof typeof KINDS

interface Office {
  readonly kind: Kind
  readonly callsPerDay: number
  readonly seed: number
}

const OFFICES: readonly Office[] = (['normal', 'one-way audio', 'lost packets'] as const).flatMap((kind) =>
  SIZES.flatMap((callsPerDay) => SEEDS.map((seed) => ({ kind, callsPerDay, seed }))),
)

const FAULTY = OFFICES.filter(({ kind, callsPerDay }) => KINDS[kind].sizes.some((size) => size === callsPerDay))

const [tools] = findTools().slice(-1)
const records = recordingRules(shippedRules('recording.yml'))
const alerts = alertingRules(shippedRules('alerts.yml')).filter(({ expr }) =>
  [...namesIn(expr)].some((name) => name.startsWith('trunk:asterisk_legs_')),
)

describe('alerts on voice over weeks of made-up offices', () => {
  const told = new Map<string, readonly Notification[]>()
  let history: History

  beforeAll(async () => {
    if (tools === undefined) {
      throw new Error('no Prometheus is here')
    }
    const trunks = OFFICES.map((office) => ({
      instance: nameOf(office),
      minutes: trunkMinutes({ ...office, fault: KINDS[office.kind].fault }),
    }))
    history = await startHistory({
      tools,
      span: WEEK,
      scraped: voiceSeries(trunks, START),
      records: neededRecords(
        alerts.map(({ expr }) => expr),
        records,
      ),
    })
    const alarms = (await Promise.all(alerts.map((rule) => alarmsOf(rule, history, WEEK)))).flat()
    for (const office of OFFICES) {
      told.set(nameOf(office), notificationsTold(nameOf(office), alarms, MINUTES_A_WEEK))
    }
    process.stdout.write(`${table(told)}\n`)
    tally('simulated weeks of voice', `Prometheus ${tools.prometheusVersion}`, OFFICES.length)
  })
  afterAll(() => history?.stop())

  it('there are such alerts', () => {
    expect(alerts.map(({ alert }) => alert)).toEqual(['AsteriskTrunkOneWayAudio', 'AsteriskTrunkVoicePoor'])
  })

  it.each(OFFICES.filter(({ kind }) => kind === 'normal').map(nameOf))('never tell an ordinary trunk: %s', (name) => {
    expect(told.get(name)?.map((one) => [clockOf(one.minute), alertOf(one)])).toEqual([])
  })

  it.each(FAULTY)('tell soon, and of nothing else: $kind, $callsPerDay calls a day, seed $seed', (office) => {
    const notified = told.get(nameOf(office)) ?? []
    expect(new Set(notified.map(alertOf))).toEqual(new Set([KINDS[office.kind].alert]))
    expect(notified.length).toBeLessThanOrEqual(MOST)
    expect(notified[0]?.minute).toBeGreaterThanOrEqual(FAULT.from)
    expect(notified[0]?.minute).toBeLessThanOrEqual(FAULT.from + KINDS[office.kind].within)
    expect(notified.at(-1)?.minute).toBeLessThanOrEqual(FAULT.to + KINDS[office.kind].within)
  })
})

function nameOf({ kind, callsPerDay, seed }: Office): string {
  return `${kind}, ${callsPerDay} calls a day, seed ${seed}`
}

function table(told: ReadonlyMap<string, readonly Notification[]>): string {
  const rows = [...told].map(([name, all]) => {
    const each = all.map((one) => `${alertOf(one)} at ${clockOf(one.minute)}`)
    return `${name.padEnd(50)} | ${all.length} notifications | ${each.slice(0, 4).join(', ')}`
  })
  return [
    `Seven days, a fault of two hours on Wednesday at 10, Prometheus ${tools?.prometheusVersion}: ${alerts.map(({ alert }) => alert).join(', ')}`,
    ...rows,
  ].join('\n')
}
