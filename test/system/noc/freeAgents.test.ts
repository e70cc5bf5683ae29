// Which queues the wallboard shows under `Free / staffed agents`, by real promtools.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, test } from 'vitest'
import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import { AGENT_STATES, type AgentState } from '../../../src/staffing/agent.ts'
import { dashboardQueries } from '../../unit/grafana/queries.ts'
import { findTools } from './servers.ts'

const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-agents-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Case {
  readonly name: string
  /** Queue -> agents by state. */
  readonly agents: Readonly<Record<string, Partial<Record<AgentState, number>>>>
  /** Queue -> waiting callers. */
  readonly waiting: Readonly<Record<string, number>>
  /** The rows: queue, free and staffed agents, and the value that decides colour and order. */
  readonly rows: readonly (readonly [queue: string, free: number, staffed: number, value: number])[]
}

/** Added where nobody is free and nobody waits. */
const QUIET = 1_000_000
const NIGHT = { offline: 2 } as const

const CASES: readonly Case[] = [
  {
    name: 'a night queue by day has no row',
    agents: { sales: { free: 1, talking: 1, paused: 1 }, night: NIGHT },
    waiting: { sales: 0, night: 0 },
    rows: [['sales', 1, 2, 1]],
  },
  {
    name: 'it has one while callers wait in it',
    agents: { sales: { free: 1 }, night: NIGHT },
    waiting: { night: 1 },
    rows: [
      ['night', 0, 0, 0],
      ['sales', 1, 1, 1],
    ],
  },
  {
    name: 'a busy queue without waiting callers is neither good nor bad',
    agents: { sales: { talking: 2 }, night: NIGHT },
    waiting: {},
    rows: [['sales', 0, 2, QUIET]],
  },
  {
    name: 'nobody is staffed, and nobody waits',
    agents: { sales: { paused: 1 }, night: NIGHT },
    waiting: {},
    rows: [],
  },
]

const of = (name: string, labels: string, value: number) => ({
  series: `${name}{job="asterisk", instance="pbx"${labels}}`,
  values: `${value}x5`,
})

function seriesOf({ agents, waiting }: Case) {
  return [
    of(CATALOGUE.up.name, '', 1),
    ...Object.entries(agents).flatMap(([queue, states]) =>
      AGENT_STATES.map((state) =>
        of(CATALOGUE.queueAgents.name, `, queue="${queue}", state="${state}"`, states[state] ?? 0),
      ),
    ),
    ...Object.entries(waiting).map(([queue, calls]) => of(CATALOGUE.queueWaiting.name, `, queue="${queue}"`, calls)),
  ]
}

function expressionOf(refId: string): string {
  const found = dashboardQueries().find((query) => query.panel === 'Free / staffed agents' && query.refId === refId)
  if (found === undefined) {
    throw new Error(`no query ${refId} on the wallboard`)
  }
  return found.expr
    .replaceAll('$cluster', '.*')
    .replaceAll('$job', '.+')
    .replaceAll('$instance', '.+')
    .replaceAll('$__range', '5m')
}

function questionsOf({ rows }: Case) {
  const samples = rows.map(([queue, free, staffed, value]) => ({
    labels: `{free="${free}", instance="pbx", job="asterisk", queue="${queue}", staffed="${staffed}"}`,
    value,
  }))
  const none = rows.length === 0 ? [{ labels: '{}', value: QUIET }] : []
  return [
    { expr: expressionOf('A'), eval_time: '2m', exp_samples: samples },
    { expr: expressionOf('E'), eval_time: '2m', exp_samples: none },
  ]
}

describe.each(findTools())('promtool $prometheusVersion', ({ promtool, prometheusVersion }) => {
  test.each(CASES)('$name', (each) => {
    const path = join(folder, `${prometheusVersion}-${CASES.indexOf(each)}.yml`)
    const tests = [{ interval: '1m', input_series: seriesOf(each), promql_expr_test: questionsOf(each) }]
    writeFileSync(path, JSON.stringify({ rule_files: [], tests }))
    execFileSync(promtool, ['test', 'rules', path], { encoding: 'utf8', stdio: 'pipe' })
  })
})
