// A Prometheus over back-filled weeks: promtool makes the blocks, recording rules included, a real server answers.
//
// Everything is in a folder of its own below the system's temporary one, which goes when the server is stopped.

import { execFile } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { type Prometheus, type Series, type Span, startPrometheus, type Tools } from './servers.ts'
import type { RecordingRule } from './shippedRules.ts'

export interface History {
  /** An expression at every minute of the span. */
  readonly minutely: (expr: string) => Promise<readonly Series[]>
  readonly stop: () => Promise<void>
}

export interface HistoryOptions {
  readonly tools: Tools
  readonly span: Span
  /** What was scraped, in OpenMetrics. */
  readonly scraped: Iterable<string>
  /** In levels: each stands on those before it. */
  readonly records: readonly (readonly RecordingRule[])[]
}

const run = promisify(execFile)

/** Rejects with what promtool or Prometheus said. */
export async function startHistory({ tools, span, scraped, records }: HistoryOptions): Promise<History> {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-history-'))
  const dataDir = join(folder, 'data')
  const configPath = join(folder, 'prometheus.yml')
  writeFileSync(configPath, 'global: {}\n')
  const start = () => startPrometheus({ tools, configPath, dataDir })
  const backfill = async (text: Iterable<string>): Promise<void> => {
    const path = join(folder, 'backfill.txt')
    await pipeline(Readable.from(text), createWriteStream(path))
    await run(tools.promtool, ['tsdb', 'create-blocks-from', '--max-block-duration=512h', 'openmetrics', path, dataDir])
    rmSync(path)
  }
  await backfill(scraped)
  let prometheus = await start()
  const minutely = (expr: string) => prometheus.range(expr, { ...span, step: 60 })
  for (const level of records) {
    const results = await evaluate(level, prometheus, span)
    await prometheus.stop()
    await backfill(recordedText(results))
    prometheus = await start()
  }
  const stop = async () => {
    await prometheus.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { minutely, stop }
}

interface Recorded {
  readonly rule: RecordingRule
  readonly series: readonly Series[]
}

async function evaluate(level: readonly RecordingRule[], prometheus: Prometheus, span: Span): Promise<Recorded[]> {
  const results: Recorded[] = []
  for (const rule of level) results.push({ rule, series: await prometheus.range(rule.expr, { ...span, step: 60 }) })
  return results
}

// A family must not be told of twice: two rules may record under one name.
function* recordedText(results: readonly Recorded[]): Generator<string> {
  for (const name of new Set(results.map(({ rule }) => rule.record))) {
    yield `# TYPE ${name} gauge\n`
    for (const { rule, series } of results) {
      if (rule.record !== name) continue
      for (const { metric, values } of series) yield seriesText(name, { ...metric, ...rule.labels }, values)
    }
  }
  yield '# EOF\n'
}

function seriesText(name: string, labels: Series['metric'], values: Series['values']): string {
  const pairs = Object.entries(labels)
    .filter(([label]) => label !== '__name__')
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  const head = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
  return values.map(([at, value]) => `${head} ${value} ${at}\n`).join('')
}
