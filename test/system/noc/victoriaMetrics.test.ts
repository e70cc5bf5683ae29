// Every question of the dashboards and every rule, asked of a real VictoriaMetrics over the same history as Prometheus, and
// the answers compared: the same series with the same values, where counters are not concerned; alike, where they are.
//
// It has the scrapes only: records and alerts are what it makes of them itself. What differs by nature is in metricsql.test.ts.

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { committedBoards, type DashboardQuery, dashboardQueries } from '../../unit/grafana/queries.ts'
import { OPENED, resolveQuery, stepOf } from './dashboardTimeRange.ts'
import { choicesOf } from './dashboardVariables.ts'
import { tally } from './executionReport.ts'
import { answerOf, compare, readsCounters } from './likeness.ts'
import { addRules } from './makeHistory.ts'
import { EVALUATIONS, openOfficeHistory, scrapedText } from './officeHistory.ts'
import { HOUR, NOW, TODAY } from './scrapes.ts'
import { findTools, type Prometheus } from './servers.ts'
import { alertingRules, recordingRules, shippedRules } from './shippedRules.ts'
import { findVictoriaTools, missingVictoria, startVictoria, type Victoria } from './victoriaMetrics.ts'

const TOOLS = findVictoriaTools()
const QUERIES = dashboardQueries().flatMap(choicesOf)
const RECORDS = recordingRules(shippedRules('recording.yml'))
const ALERTS = alertingRules(shippedRules('alerts.yml'))

/** No window of what is counted reaches before the day from here on, but for those of days and weeks. */
const SETTLED = NOW - HOUR

/** In 1.79 only: it takes a label that a sum dropped for one that is there (metricsql.test.ts). */
const WRONG_LABEL = /label_replace\(.*"(\w+)", "[^"]*", "\1", ""\)/s

let prometheus: Prometheus
beforeAll(async () => {
  const missing = missingVictoria(TOOLS)
  if (missing !== null) {
    process.stdout.write(`${missing}\n`)
  }
  const newest = findTools().at(-1)
  if (newest === undefined) {
    throw new Error('no Prometheus is here')
  }
  prometheus = await openOfficeHistory(newest)
})
afterAll(() => prometheus?.stop())

describe.each(TOOLS)('VictoriaMetrics $version', (tools) => {
  const on = `VictoriaMetrics ${tools.version}`
  let victoria: Victoria
  beforeAll(async () => {
    victoria = await startVictoria({
      tools,
      dataDir: join(inject('nocFolder'), `victoria-metrics-${tools.version}`),
      // History is of a fixed day, however long ago that is by now; and what is added to it is found at once.
      flags: ['-retentionPeriod=100y', '-search.disableCache'],
    })
    await victoria.importText(await scrapedText())
    await addRules(EVALUATIONS, { range: victoria.range, add: victoria.importSeries })
  })
  afterAll(() => victoria?.stop())

  test('answers each recording rule as Prometheus does', async () => {
    const outcomes = await Promise.all(
      RECORDS.map(async ({ record, expr }) => outcomeOf(record, expr, (server) => server.range(expr, EVALUATIONS[0]))),
    )
    expect(faultsIn(outcomes)).toBe('')
    tallyOutcomes('recording rules', outcomes)
  })

  test('answers each alert as Prometheus does', async () => {
    const outcomes = await Promise.all(
      ALERTS.map(async ({ alert, expr }) => outcomeOf(alert, expr, (server) => server.range(expr, EVALUATIONS[0]))),
    )
    expect(faultsIn(outcomes)).toBe('')
    tallyOutcomes('alerts', outcomes)
  })

  test('fires the same alerts', async () => {
    const [own, other] = await Promise.all(
      [prometheus, victoria].map(async (server) => {
        const fired = await server.range('ALERTS{alertstate="firing"}', { ...TODAY, step: 60 })
        return new Map(
          fired.map(({ metric, values }) => [JSON.stringify(Object.entries(metric).toSorted()), values.length]),
        )
      }),
    )
    expect([...(other?.keys() ?? [])].toSorted()).toEqual([...(own?.keys() ?? [])].toSorted())
  })

  test.each(committedBoards().map(({ uid }) => uid))('answers each question of %s as Prometheus does', async (uid) => {
    const queries = QUERIES.filter(({ dashboard }) => dashboard === uid)
    const outcomes = await Promise.all(queries.map(ofBoard))
    expect(faultsIn(outcomes)).toBe('')
    tallyOutcomes('dashboard queries', outcomes)
  })

  async function ofBoard(query: DashboardQuery): Promise<Outcome> {
    const { dashboard, panel, refId, kind } = query
    const [name, expr] = [`${dashboard}: ${panel} ${refId}`, resolveQuery(query)]
    if (kind === 'label_values') {
      const [own, other] = await Promise.all(
        [prometheus, victoria].map((server) => server.labelValues(query.label ?? '', [expr], OPENED)),
      )
      const isSame = JSON.stringify(own) === JSON.stringify(other)
      return { name, judged: isSame ? 'alike' : { fault: `${own} became ${other}` } }
    }
    return outcomeOf(name, expr, (server) =>
      kind === 'instant' ? server.query(expr, OPENED.end) : server.range(expr, { ...OPENED, step: stepOf(query) }),
    )
  }

  async function outcomeOf(
    name: string,
    expr: string,
    ask: (server: Prometheus) => ReturnType<Prometheus['query'] | Prometheus['range']>,
  ): Promise<Outcome> {
    const [own, other] = await Promise.all([ask(prometheus), ask(victoria)])
    const judged = compare({
      prometheus: answerOf(own),
      victoria: answerOf(other),
      counts: readsCounters(expr, RECORDS),
      settledAt: SETTLED,
    })
    const isKnown = typeof judged === 'object' && !tools.isLater && WRONG_LABEL.test(expr)
    return { name: `${name}\n  ${expr}`, judged: isKnown ? 'wrong label' : judged }
  }

  function tallyOutcomes(what: string, outcomes: readonly Outcome[]): void {
    const kinds = new Set(outcomes.map(({ judged }) => String(judged)))
    for (const kind of kinds) {
      tally(`${what}, ${kind}`, on, outcomes.filter(({ judged }) => judged === kind).length)
    }
  }
})

interface Outcome {
  readonly name: string
  readonly judged: ReturnType<typeof compare> | 'wrong label'
}

function faultsIn(outcomes: readonly Outcome[]): string {
  return outcomes
    .flatMap(({ name, judged }) => (typeof judged === 'object' ? [`${name}\n  ${judged.fault}`] : []))
    .join('\n')
}
