// Every question that the dashboards ask, asked of a real Prometheus: none may fail, none may come back empty.
//
// They run over a history that the exporter exported, on each version, with each choice that a reader has. What the call log
// is asked is in exporter.test.ts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import { committedBoards, type DashboardQuery, dashboardQueries } from '../../unit/grafana/queries.ts'
import { OPENED, resolveQuery, stepOf } from './dashboardTimeRange.ts'
import { choicesOf } from './dashboardVariables.ts'
import { tally } from './executionReport.ts'
import { openOfficeHistory } from './officeHistory.ts'
import { findTools, type Prometheus } from './servers.ts'

const QUERIES = dashboardQueries().flatMap(choicesOf)

/** Queries that rightly have no result over this history, as `dashboard: panel refId`, with the reason. The aim is an empty list. */
const EMPTY: ReadonlyMap<string, string> = new Map([
  ...committedBoards().map(({ uid }) => [`${uid}: variable cluster Var`, 'a single Prometheus has no site'] as const),
  ...['B', 'C', 'D'].map(
    (refId) =>
      [
        `asterisk-wallboard: Free / staffed agents ${refId}`,
        'takes the place of agents while they are not known',
      ] as const,
  ),
  ['asterisk-wallboard: Free / staffed agents E', 'takes the place of queues while none has staffed agents or callers'],
])

/** What does not happen in that office, whose agents are asked about at each scrape. */
const NEVER: readonly string[] = [
  'asterisk_queue_agents_age_seconds',
  'asterisk_exporter_label_overflow_total',
  'asterisk_exporter_missed_callers_displaced_total',
  'asterisk_exporter_outbox_dropped_total',
]

const nameOf = ({ dashboard, panel, refId }: DashboardQuery): string => `${dashboard}: ${panel} ${refId}`

describe.each(findTools())('Prometheus $prometheusVersion', (tools) => {
  let prometheus: Prometheus
  beforeAll(async () => {
    prometheus = await openOfficeHistory(tools)
  })
  afterAll(() => prometheus.stop())

  test('has each metric of the catalogue, and something happened to it', async () => {
    const still: string[] = []
    for (const [, { name, type }] of catalogueEntries()) {
      const series = type === 'histogram' ? `${name}_count` : name
      const [highest] = await prometheus.query(`max(max_over_time(${series}[7h]))`, OPENED.end)
      if (highest === undefined || highest.value[1] === '0') {
        still.push(name)
      }
    }
    expect(still.toSorted()).toEqual(NEVER.toSorted())
  })

  test.each(committedBoards().map(({ uid }) => uid))('answers each question of %s', async (uid) => {
    const queries = QUERIES.filter(({ dashboard }) => dashboard === uid)
    const faults: string[] = []
    for (const query of queries) {
      const fault = await faultOf(prometheus, query)
      if (fault !== null && !(fault === 'empty' && EMPTY.has(nameOf(query)))) {
        faults.push(`${nameOf(query)}: ${fault}\n  ${resolveQuery(query)}`)
      }
    }
    expect(faults.join('\n')).toBe('')
    tally('dashboard queries', `Prometheus ${tools.prometheusVersion}`, queries.length)
  })
})

test('there are questions, and the list of those without an answer names none that is gone', () => {
  expect(QUERIES.length).toBeGreaterThan(100)
  expect([...EMPTY.keys()].filter((name) => !QUERIES.some((query) => nameOf(query) === name))).toEqual([])
})

/** Null when it answers with numbers. */
async function faultOf(prometheus: Prometheus, query: DashboardQuery): Promise<string | null> {
  try {
    const values = await answer(prometheus, query)
    return values.some((value) => value !== '' && value !== 'NaN') ? null : 'empty'
  } catch (error) {
    return String(error)
  }
}

async function answer(prometheus: Prometheus, query: DashboardQuery): Promise<readonly string[]> {
  const expr = resolveQuery(query)
  switch (query.kind) {
    case 'label_values':
      return prometheus.labelValues(query.label ?? '', [expr], OPENED)
    case 'instant':
      return (await prometheus.query(expr, OPENED.end)).map(({ value }) => value[1])
    case 'range':
    case 'annotation': {
      return (await prometheus.range(expr, { ...OPENED, step: stepOf(query) })).flatMap(({ values }) =>
        values.map(([, value]) => value),
      )
    }
  }
}
