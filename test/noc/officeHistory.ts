// The office's history in a real Prometheus: what was scraped, what the recording rules make of it, and when alerts fired.
//
// Each version of Prometheus gets blocks that its own promtool made, and rules that it evaluated itself: 3.x spells `le`
// another way and cuts ranges another way. Blocks are made once for a run of the tests, into the folder of that run.

import { execFile } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import { firingSteps } from './alertState.ts'
import { durationMs } from './durations.ts'
import { neededRecords } from './recorded.ts'
import { LAST_WEEK, scrapes, TODAY } from './scrapes.ts'
import { type Prometheus, type Series, type Span, startPrometheus, type Tools } from './servers.ts'
import { type AlertingRule, alertingRules, type RecordingRule, recordingRules, shippedRules } from './shippedRules.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tests of one run share; `vitest.noc.config.ts` names the set-up that makes and removes it. */
    readonly nocFolder: string
  }
}

const run = promisify(execFile)

/** Seconds from one evaluation of the rules to the next; a week ago it need not be finer than a look-back. */
const EVALUATIONS: readonly (Span & { readonly step: number })[] = [
  { ...TODAY, step: 60 },
  { ...LAST_WEEK, step: 240 },
]

/** A Prometheus of that age over the whole history. Rejects with what promtool or Prometheus said. */
export async function openOfficeHistory(tools: Tools): Promise<Prometheus> {
  const folder = join(inject('nocFolder'), tools.prometheusVersion)
  const done = join(folder, 'done')
  const configPath = join(folder, 'prometheus.yml')
  const dataDir = join(folder, 'data')
  const start = () => startPrometheus({ tools, configPath, dataDir })
  if (existsSync(done)) return start()

  mkdirSync(folder, { recursive: true })
  writeFileSync(configPath, 'global: {}\n')
  const fill = (path: string) =>
    run(tools.promtool, ['tsdb', 'create-blocks-from', '--max-block-duration=512h', 'openmetrics', path, dataDir])
  await fill(await scrapedText())

  const text = join(folder, 'made.txt')
  let prometheus = await start()
  const add = async (made: readonly Made[]): Promise<void> => {
    await prometheus.stop()
    await write(text, madeText(made))
    await fill(text)
    prometheus = await start()
  }
  const records = recordingRules(shippedRules('recording.yml'))
  const names = records.map(({ record }) => record)
  for (const level of neededRecords(names, records)) await add(await evaluate(level, prometheus))
  await add(await evaluateAlerts(alertingRules(shippedRules('alerts.yml')), prometheus))
  rmSync(text)
  writeFileSync(done, '')
  return prometheus
}

/** The scrapes as a file, made once for all versions. */
async function scrapedText(): Promise<string> {
  const path = join(inject('nocFolder'), 'scraped.txt')
  if (!existsSync(path)) {
    await write(`${path}.part`, ended(scrapes()))
    renameSync(`${path}.part`, path)
  }
  return path
}

async function* ended(text: AsyncIterable<string>): AsyncGenerator<string> {
  yield* text
  yield '# EOF\n'
}

async function write(path: string, text: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(text), createWriteStream(path))
}

/** Series that a rule makes, named and labelled. */
interface Made {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly values: Series['values']
}

async function evaluate(level: readonly RecordingRule[], prometheus: Prometheus): Promise<readonly Made[]> {
  const made: Made[] = []
  for (const { record, expr, labels } of level)
    for (const span of EVALUATIONS)
      for (const { metric, values } of await prometheus.range(expr, span))
        made.push({ name: record, labels: { ...metric, ...labels }, values })
  return made
}

// Of today only, and only those that fire: nobody looks at pending ones.
async function evaluateAlerts(rules: readonly AlertingRule[], prometheus: Prometheus): Promise<readonly Made[]> {
  const [span] = EVALUATIONS
  if (span === undefined) return []
  const made: Made[] = []
  for (const rule of rules)
    for (const { metric, values } of await prometheus.range(rule.expr, span))
      made.push({
        name: 'ALERTS',
        labels: { ...metric, ...rule.labels, alertname: rule.alert, alertstate: 'firing' },
        values: firing(rule, values, span),
      })
  return made
}

function firing(
  rule: AlertingRule,
  values: Series['values'],
  span: Span & { readonly step: number },
): Series['values'] {
  const instants = Array.from({ length: (span.end - span.start) / span.step + 1 }, (_, n) => span.start + n * span.step)
  const active = new Set(values.map(([at]) => at))
  const steps = (duration: string) => Math.ceil(durationMs(duration) / 1000 / span.step)
  const states = firingSteps(
    instants.map((at) => active.has(at)),
    { forSteps: steps(rule.for), keepFiringSteps: steps(rule.keep_firing_for) },
  )
  return instants.flatMap((at, step): Series['values'] => (states[step] === true ? [[at, '1']] : []))
}

function* madeText(made: readonly Made[]): Generator<string> {
  for (const { name, labels, values } of made) {
    const pairs = Object.entries(labels).filter(([label]) => label !== '__name__')
    const head = `${name}{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`
    for (const [at, value] of values) yield `${head} ${value} ${at}\n`
  }
  yield '# EOF\n'
}
