// The office's history in a real Prometheus: what was scraped, what the recording rules make of it, and when alerts fired.
//
// Each version of Prometheus gets blocks that its own promtool made, and rules that it evaluated itself: 3.x spells `le`
// another way and cuts ranges another way. Blocks are made once for a run of the tests, into the folder of that run.

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { firingSteps } from './alertState.ts'
import { type Evaluation, evaluateRecords, fill, type Made, madeText, writeText } from './backfill.ts'
import { durationMs } from './durations.ts'
import { neededRecords } from './recorded.ts'
import { LAST_WEEK, scrapes, TODAY } from './scrapes.ts'
import { type Prometheus, type Series, startPrometheus, type Tools } from './servers.ts'
import { type AlertingRule, alertingRules, recordingRules, shippedRules } from './shippedRules.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tests of one run share; `vitest.noc.config.ts` names the set-up that makes and removes it. */
    readonly nocFolder: string
  }
}

/** Seconds from one evaluation of the rules to the next; a week ago it need not be finer than a look-back. */
const EVALUATIONS: readonly Evaluation[] = [
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
  await fill(tools, await scrapedText(), dataDir)

  const text = join(folder, 'made.txt')
  let prometheus = await start()
  const add = async (made: readonly Made[]): Promise<void> => {
    await prometheus.stop()
    await writeText(text, madeText(made))
    await fill(tools, text, dataDir)
    prometheus = await start()
  }
  const records = recordingRules(shippedRules('recording.yml'))
  const names = records.map(({ record }) => record)
  for (const level of neededRecords(names, records)) await add(await evaluateRecords(level, prometheus, EVALUATIONS))
  await add(await evaluateAlerts(alertingRules(shippedRules('alerts.yml')), prometheus))
  rmSync(text)
  writeFileSync(done, '')
  return prometheus
}

/** The scrapes as a file, made once for all versions. */
async function scrapedText(): Promise<string> {
  const path = join(inject('nocFolder'), 'scraped.txt')
  if (!existsSync(path)) {
    await writeText(`${path}.part`, ended(scrapes()))
    renameSync(`${path}.part`, path)
  }
  return path
}

async function* ended(text: AsyncIterable<string>): AsyncGenerator<string> {
  yield* text
  yield '# EOF\n'
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

function firing(rule: AlertingRule, values: Series['values'], span: Evaluation): Series['values'] {
  const instants = Array.from({ length: (span.end - span.start) / span.step + 1 }, (_, n) => span.start + n * span.step)
  const active = new Set(values.map(([at]) => at))
  const steps = (duration: string) => Math.ceil(durationMs(duration) / 1000 / span.step)
  const states = firingSteps(
    instants.map((at) => active.has(at)),
    { forSteps: steps(rule.for), keepFiringSteps: steps(rule.keep_firing_for) },
  )
  return instants.flatMap((at, step): Series['values'] => (states[step] === true ? [[at, '1']] : []))
}
