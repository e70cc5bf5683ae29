// History into a Prometheus that is not running: text on disk, blocks of it by the promtool of that version, and what
// recording rules make of what is there already.

import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import type { Prometheus, Series, Span, Tools } from './servers.ts'
import type { RecordingRule } from './shippedRules.ts'

/** Series that a rule makes, named and labelled. */
export interface Made {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly values: Series['values']
}

/** Seconds from one evaluation to the next, and from when to when. */
export type Evaluation = Span & { readonly step: number; readonly alerts?: boolean }

const run = promisify(execFile)

/** Writes text piece by piece: weeks of history are larger than what memory should hold. */
export async function writeText(path: string, text: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(text), createWriteStream(path))
}

/** Makes blocks of a file in OpenMetrics. Rejects with what promtool said. */
export async function fill({ promtool }: Tools, path: string, dataDir: string): Promise<void> {
  await run(promtool, ['tsdb', 'create-blocks-from', '--max-block-duration=512h', 'openmetrics', path, dataDir])
}

/** What each rule would have recorded at each evaluation. */
export async function evaluateRecords(
  rules: readonly RecordingRule[],
  prometheus: Pick<Prometheus, 'range'>,
  evaluations: readonly Evaluation[],
): Promise<readonly Made[]> {
  const made: Made[] = []
  for (const { record, expr, labels } of rules) {
    for (const evaluation of evaluations) {
      for (const { metric, values } of await prometheus.range(expr, evaluation)) {
        made.push({ name: record, labels: { ...metric, ...labels }, values })
      }
    }
  }
  return made
}

/** Made series in OpenMetrics. */
export function* madeText(made: readonly Made[]): Generator<string> {
  for (const { name, labels, values } of made) {
    const pairs = Object.entries(labels).filter(([label]) => label !== '__name__')
    const head = `${name}{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`
    for (const [at, value] of values) {
      yield `${head} ${value} ${at}\n`
    }
  }
  yield '# EOF\n'
}
