// A Prometheus over back-filled weeks: promtool makes the blocks, recording rules included, a real server answers.
//
// Everything is in a folder of its own below the system's temporary one, which goes when the server is stopped.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Evaluation, evaluateRecords, fill, type Made, madeText, writeText } from './backfill.ts'
import { type Series, type Span, startPrometheus, type Tools } from './servers.ts'
import type { RecordingRule } from './shippedRules.ts'

export interface History {
  /** An expression at every minute of the span. */
  readonly minutely: (expr: string) => Promise<readonly Series[]>
  readonly range: (expr: string, evaluation: Evaluation) => Promise<readonly Series[]>
  readonly stop: () => Promise<void>
}

export interface HistoryOptions {
  readonly tools: Tools
  readonly span: Span
  /** When records are evaluated; default: at every minute of the span. */
  readonly evaluation?: Evaluation | ((rule: RecordingRule) => readonly Evaluation[])
  /** Of the server, besides its own. */
  readonly flags?: readonly string[]
  /** What was scraped, in OpenMetrics. */
  readonly scraped: Iterable<string>
  /** In levels: each reads only those before it. */
  readonly records: readonly (readonly RecordingRule[])[]
}

/** Rejects with what promtool or Prometheus said. */
export async function startHistory({ tools, span, scraped, records, ...options }: HistoryOptions): Promise<History> {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-history-'))
  const dataDir = join(folder, 'data')
  const configPath = join(folder, 'prometheus.yml')
  writeFileSync(configPath, 'global: {}\n')
  const { flags = [] } = options
  const start = () => startPrometheus({ tools, configPath, dataDir, flags })
  const backfill = async (text: Iterable<string>): Promise<void> => {
    const path = join(folder, 'backfill.txt')
    await writeText(path, text)
    await fill(tools, path, dataDir)
    rmSync(path)
  }
  await backfill(scraped)
  let prometheus = await start()
  const everyMinute = { ...span, step: 60 }
  const { evaluation = everyMinute } = options
  const minutely = (expr: string) => prometheus.range(expr, everyMinute)
  const range = (expr: string, span: Evaluation) => prometheus.range(expr, span)
  for (const level of records) {
    const made: Made[] = []
    for (const rule of level) {
      const evaluations = typeof evaluation === 'function' ? evaluation(rule) : [evaluation]
      made.push(...(await evaluateRecords([rule], prometheus, evaluations)))
    }
    await prometheus.stop()
    await backfill(madeText(made))
    prometheus = await start()
  }
  const stop = async () => {
    await prometheus.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { minutely, range, stop }
}
