// What VictoriaMetrics answers otherwise than Prometheus by its nature, a question for each kind: the table in
// prometheus/README.md is what both say here, over the same few samples.
//
// Whether the boards and rules are concerned is in victoriaMetrics.test.ts.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fill } from './backfill.ts'
import { findTools, type InstantSample, type Prometheus, startPrometheus, type Tools } from './servers.ts'
import { findVictoriaTools, startVictoria, type VictoriaTools } from './victoriaMetrics.ts'

/** As of when questions are asked: of the past, for VictoriaMetrics refuses the future. */
const AT = Date.UTC(2025, 0, 6, 12) / 1000

/** Seconds before that at which there are samples, a scrape each; none is on the edge of a window. */
const SCRAPED = Array.from({ length: 80 }, (_, index) => 1207 - index * 15)

/** The value of each series by the seconds that are left until the question; null: no sample. */
const SERIES: readonly (readonly [string, (left: number) => number | null])[] = [
  ['steps_total', (left) => (left > 150 ? 20 : 30)],
  ['edge_total', (left) => (left > 300 ? 20 : 30)],
  ['born_total', (left) => (left > 150 ? null : 3)],
  ['started_seconds', (left) => (left > 150 ? null : 1)],
  ['busy', (left) => (left > 90 ? 5 : 1)],
  ['up{instance="pbx",job="asterisk"}', () => 1],
]

interface Kind {
  readonly what: string
  readonly expr: string
}

/** In the order of the table. */
const KINDS: readonly Kind[] = [
  { what: '`increase` and `rate` are not extrapolated to the edges of the window', expr: 'increase(steps_total[5m])' },
  {
    what: '`increase` and `rate` count the step from the last sample before the window',
    expr: 'increase(edge_total[5m])',
  },
  { what: 'a counter that appears with a small value is taken to have begun at 0', expr: 'increase(born_total[5m])' },
  { what: '`changes` counts the beginning of a series', expr: 'changes(started_seconds[5m])' },
  { what: '`round`, `min_over_time` and others keep the name of the metric', expr: 'round(busy)' },
  { what: 'a subquery without a step has the step of the query', expr: 'max_over_time(sum(busy)[5m:])' },
  { what: 'NaN is no answer', expr: 'vector(0) / 0' },
  {
    what: '`label_replace` may find the value of a label that a sum has dropped',
    expr: 'label_replace(sum by (queue) (up == 1), "queue", "none", "queue", "")',
  },
]

const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-metricsql-'))
const path = join(folder, 'samples.txt')

/** What Prometheus says, and what each VictoriaMetrics, `1.79` and `later`; in the order of the kinds. */
let prometheus: readonly string[] = []
const victoria = new Map<string, readonly string[]>()

beforeAll(async () => {
  writeFileSync(path, samples())
  const said = await Promise.all(findTools().map(askPrometheus))
  // Not a matter of the version.
  expect(new Set(said.map(String)).size).toBe(1)
  prometheus = said[0] ?? []
  for (const tools of findVictoriaTools()) {
    victoria.set(tools.isLater ? 'later' : '1.79', await askVictoria(tools))
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the table of what differs is what the servers answer', () => {
  const documented = readFileSync(new URL('../../../prometheus/README.md', import.meta.url), 'utf8')
  const rows = KINDS.map(
    ({ what, expr }, index) => `| ${what} | \`${expr}\` | ${prometheus[index]} | ${differing(index)} |`,
  )
  const isWhole = victoria.size === 2
  expect(documented).toContain(isWhole ? rows.join('\n') : rows[0])
})

test('each of them differs', () => {
  const same = KINDS.filter((_, index) => [...victoria.values()].every((said) => said[index] === prometheus[index]))
  expect(same.map(({ what }) => what)).toEqual([])
})

/** One answer where both versions say the same. */
function differing(index: number): string {
  const [old, later] = ['1.79', 'later'].map((version) => victoria.get(version)?.[index])
  return old === later ? `${old}` : `${old} (1.79); ${later} (later)`
}

async function askPrometheus(tools: Tools): Promise<readonly string[]> {
  const dataDir = join(folder, tools.prometheusVersion)
  const configPath = join(folder, `${tools.prometheusVersion}.yml`)
  writeFileSync(configPath, 'global: { evaluation_interval: 15s }\n')
  await fill(tools, path, dataDir)
  const server = await startPrometheus({ tools, configPath, dataDir })
  try {
    return await ask(server)
  } finally {
    await server.stop()
  }
}

async function askVictoria(tools: VictoriaTools): Promise<readonly string[]> {
  const server = await startVictoria({ tools, flags: ['-retentionPeriod=100y'] })
  try {
    await server.importText(path)
    return await ask(server)
  } finally {
    await server.stop()
  }
}

function ask(server: Prometheus): Promise<readonly string[]> {
  return Promise.all(KINDS.map(async ({ expr }) => (await server.query(expr, AT)).map(shown).join(', ') || 'nothing'))
}

function shown({ metric, value }: InstantSample): string {
  const { __name__: name = '', ...labels } = metric
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
  const series = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
  const number = `${Math.round(Number(value[1]) * 100) / 100}`
  return series === '' ? number : `\`${series}\` ${number}`
}

function samples(): string {
  const lines = SERIES.flatMap(([series, valueAt]) =>
    SCRAPED.flatMap((left) => {
      const value = valueAt(left)
      return value === null ? [] : [`${series} ${value} ${AT - left}\n`]
    }),
  )
  return `${lines.join('')}# EOF\n`
}
