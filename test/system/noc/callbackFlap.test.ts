// Alerts on calls back that do not cry wolf: the shipped expressions, by a real Prometheus, over two weeks of made-up offices of
// three sizes; `for`, `keep_firing_for` and Alertmanager's grouping by small models of them.
//
// An office that calls everybody back within 40 minutes is never told, not even while nobody picks up; if one caller in ten never
// answers, once a week at most. One that forgets its missed callers from a morning on is told within 90 minutes. Only the second week is looked at; the first one is what it is compared with.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { alarmsOf } from './alarms.ts'
import type { Notification } from './alertmanagerModel.ts'
import { callbackSeries } from './callbackSeries.ts'
import { callsBackWithin, type Habit, type Life, livesOf } from './callbackWeek.ts'
import { tally } from './executionReport.ts'
import { type History, startHistory } from './history.ts'
import { type EndedCall, isOpen, MINUTES_A_DAY, MINUTES_A_WEEK, type Span, weekOf } from './officeWeek.ts'
import { namesIn, neededRecords } from './ruleDependencies.ts'
import { findTools } from './servers.ts'
import { alertingRules, recordingRules, shippedRules } from './shippedRules.ts'
import { alertOf, notificationsTold } from './toldNotifications.ts'

/** A Monday, as the model's weeks begin on one. */
const START = Date.UTC(2026, 0, 5) / 1_000
const MINUTES = 2 * MINUTES_A_WEEK
const END = START + (MINUTES - 1) * 60
/** The second one. */
const WEEK = { start: START + MINUTES_A_WEEK * 60, end: END }

const WEDNESDAY_AT_10 = 2 * MINUTES_A_DAY + 10 * 60
const INCIDENT: Span = { from: WEDNESDAY_AT_10, to: WEDNESDAY_AT_10 + 120 }
const CALM: Span = { from: 0, to: 0 }
const FORGETS_FROM = MINUTES_A_WEEK + WEDNESDAY_AT_10

const CALLS_BACK_WITHIN = 40
const TOLD_WITHIN = 90
/** Opening hours of alertmanager.yml begin an hour after the office opens. */
const SENT_FROM = 9 * 60
const SEEDS = [1, 2]
const SIZES = [30, 300, 3_000]

type Kind = 'calls back' | 'forgets' | 'cannot reach one in ten'

interface Office {
  readonly kind: Kind
  readonly callsPerDay: number
  readonly seed: number
}

const OFFICES: readonly Office[] = (['calls back', 'forgets', 'cannot reach one in ten'] as const).flatMap((kind) =>
  SIZES.flatMap((callsPerDay) => SEEDS.map((seed) => ({ kind, callsPerDay, seed }))),
)

interface Outcome extends Office {
  /** What disturbs somebody, in the second week. */
  readonly notified: readonly Notification[]
  readonly lives: readonly Life[]
}

const [tools] = findTools().slice(-1)
const records = recordingRules(shippedRules('recording.yml'))
const alerts = alertingRules(shippedRules('alerts.yml')).filter(({ expr }) =>
  [...namesIn(expr)].some((name) => name.includes('missed_caller')),
)

describe('alerts on calls back over weeks of made-up offices', () => {
  const outcomes: Outcome[] = []
  let history: History

  beforeAll(async () => {
    if (tools === undefined) {
      throw new Error('no Prometheus is here')
    }
    const lives = OFFICES.map((office) => ({ office, instance: nameOf(office), lives: livesOfOffice(office) }))
    history = await startHistory({
      tools,
      span: WEEK,
      // Often enough for what Prometheus looks back, and less than it answers at most.
      evaluation: { start: START, end: END, step: 240 },
      scraped: callbackSeries(lives, { startAt: START, minutes: MINUTES }),
      records: neededRecords(
        alerts.map(({ expr }) => expr),
        records,
      ),
    })
    const alarms = (await Promise.all(alerts.map((rule) => alarmsOf(rule, history, WEEK)))).flat()
    outcomes.push(
      ...lives.map(({ office, lives: own }) => ({
        ...office,
        lives: own,
        notified: notificationsTold(nameOf(office), alarms, MINUTES_A_WEEK),
      })),
    )
    process.stdout.write(`${table(outcomes)}\n`)
    tally('simulated weeks of missed callers', `Prometheus ${tools.prometheusVersion}`, OFFICES.length)
  })
  afterAll(() => history?.stop())

  it('there are such alerts', () => {
    expect(alerts).toHaveLength(3)
  })

  it.each(of('calls back'))(`never tell an office that calls back within ${CALLS_BACK_WITHIN} minutes: %s`, (name) => {
    expect(outcomeOf(name).notified.map((one) => [one.minute, alertOf(one)])).toEqual([])
  })

  it.each(of('forgets'))(`tell one that forgets within ${TOLD_WITHIN} minutes: %s`, (name) => {
    const outcome = outcomeOf(name)
    expect(toldAfter(outcome)).toBeLessThanOrEqual(TOLD_WITHIN)
    expect(outcome.notified.filter(({ minute }) => minute + MINUTES_A_WEEK < FORGETS_FROM)).toEqual([])
  })

  it.each(of('cannot reach one in ten'))(
    `tell one that tries everybody within ${CALLS_BACK_WITHIN} minutes of a few who never answer once a week at most: %s`,
    (name) => {
      const { notified } = outcomeOf(name)
      expect(notified.filter(({ receiver }) => receiver === 'page')).toEqual([])
      expect(notified.map((one) => [one.minute, alertOf(one)]).slice(1)).toEqual([])
    },
  )

  function outcomeOf(name: string): Outcome {
    const found = outcomes.find((outcome) => nameOf(outcome) === name)
    if (found === undefined) {
      throw new Error(`no outcome of ${name}`)
    }
    return found
  }
})

function nameOf({ kind, callsPerDay, seed }: Office): string {
  return `${kind}, ${callsPerDay} calls a day, seed ${seed}`
}

function of(kind: Kind): readonly string[] {
  return OFFICES.filter((office) => office.kind === kind).map(nameOf)
}

function livesOfOffice({ kind, callsPerDay, seed }: Office): readonly Life[] {
  const incident = kind === 'forgets' ? CALM : INCIDENT
  const weeks = [CALM, incident].flatMap((span, week) =>
    weekOf({ callsPerDay, seed: seed + 100 * week, incident: span }).map((call) => later(call, week)),
  )
  return livesOf(weeks, habitOf(kind, seed), MINUTES)
}

// Each week has callers of its own.
function later(call: EndedCall, week: number): EndedCall {
  const caller = call.caller === null ? null : call.caller + week * 1e6
  return { ...call, caller, endMinute: call.endMinute + week * MINUTES_A_WEEK }
}

function habitOf(kind: Kind, seed: number): Habit {
  const random = createRandom(seed + 7)
  const prompt = callsBackWithin(CALLS_BACK_WITHIN, random)
  switch (kind) {
    case 'calls back': {
      return prompt
    }
    case 'forgets': {
      return (missedAt, caller) => (missedAt < FORGETS_FROM ? prompt(missedAt, caller) : null)
    }
    case 'cannot reach one in ten': {
      return (missedAt, caller) => {
        const call = prompt(missedAt, caller)
        return call === null ? null : { ...call, isAnswered: caller % 10 !== 0 }
      }
    }
  }
}

/** Minutes in which alerts are sent, from the first miss of a forgotten caller to the first notification. */
function toldAfter({ lives, notified: [first] }: Outcome): number {
  const forgotten = lives.filter(
    ({ openedAt, closed }) => openedAt >= FORGETS_FROM && (closed?.at ?? Infinity) - openedAt > TOLD_WITHIN,
  )
  const openedAt = Math.min(...forgotten.map((life) => life.openedAt))
  if (first === undefined) {
    return Number.POSITIVE_INFINITY
  }
  let sending = 0
  for (let minute = openedAt; minute < first.minute + MINUTES_A_WEEK; minute += 1) {
    sending += isOpen(minute) && minute % MINUTES_A_DAY >= SENT_FROM ? 1 : 0
  }
  return sending
}

function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => {
    const { kind, lives, notified } = outcome
    const names = [...new Set(notified.map(alertOf))]
    const told = kind === 'forgets' ? `first after ${toldAfter(outcome)} min` : ''
    const counts = names.map((name) => `${notified.filter((one) => alertOf(one) === name).length} ${name}`).join(', ')
    return `${nameOf(outcome).padEnd(50)} | ${lives.length} missed callers | ${notified.length} notifications | ${counts} ${told}`
  })
  return [
    `The second of two weeks, Prometheus ${tools?.prometheusVersion}: ${alerts.map(({ alert }) => alert).join(', ')}`,
    ...rows,
  ].join('\n')
}
