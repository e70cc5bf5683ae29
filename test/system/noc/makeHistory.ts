// A history in a folder, for a Prometheus to look at: what was scraped, what the recording rules make of it, and when alerts
// fired.
//
// Blocks are made by the promtool and the rules evaluated by the Prometheus of one age: 3.x spells `le` another way and
// cuts ranges another way. A folder that is made is never made again.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { firingSteps } from './alertState.ts'
import { type Evaluation, evaluateRecords, fill, type Made, madeText, writeText } from './backfill.ts'
import { durationMs } from './durations.ts'
import { neededRecords } from './ruleDependencies.ts'
import { type Prometheus, type Series, startPrometheus, type Tools } from './servers.ts'
import { type AlertingRule, alertingRules, recordingRules, shippedRules } from './shippedRules.ts'

export interface HistoryPlan {
  readonly tools: Tools
  /** Where it is kept. */
  readonly folder: string
  /** Writes the scrapes to a file in OpenMetrics and returns its path. */
  readonly scraped: () => Promise<string>
  /** When recording rules are evaluated, and where it is said alerts too; the first span always has them. */
  readonly evaluations: readonly [Evaluation, ...(readonly Evaluation[])]
}

/** A Prometheus over that history. Rejects with what promtool or Prometheus said. */
export async function openHistory({ tools, folder, scraped, evaluations }: HistoryPlan): Promise<Prometheus> {
  const done = join(folder, 'done')
  const configPath = join(folder, 'prometheus.yml')
  const dataDir = join(folder, 'data')
  const start = () => startPrometheus({ tools, configPath, dataDir })
  if (existsSync(done)) {
    return start()
  }

  mkdirSync(folder, { recursive: true })
  writeFileSync(configPath, 'global: {}\n')
  await fill(tools, await scraped(), dataDir)

  const text = join(folder, 'made.txt')
  let prometheus = await start()
  const add = async (made: readonly Made[]): Promise<void> => {
    await prometheus.stop()
    await writeText(text, madeText(made))
    await fill(tools, text, dataDir)
    prometheus = await start()
  }
  await addRules(evaluations, { range: (...question) => prometheus.range(...question), add })
  rmSync(text)
  writeFileSync(done, '')
  return prometheus
}

/** A server over what was scraped, to which more can be added. */
export interface Growing extends Pick<Prometheus, 'range'> {
  /** Resolves when what was added is found. */
  readonly add: (made: readonly Made[]) => Promise<void>
}

/** Adds what the shipped rules make of what is there: the records level by level, then the alerts that fire. */
export async function addRules(evaluations: HistoryPlan['evaluations'], server: Growing): Promise<void> {
  const records = recordingRules(shippedRules('recording.yml'))
  const names = records.map(({ record }) => record)
  for (const level of neededRecords(names, records)) {
    await server.add(await evaluateRecords(level, server, evaluations))
  }
  for (const evaluation of evaluations.filter(({ alerts = false }, index) => index === 0 || alerts)) {
    await server.add(await evaluateAlerts(server, evaluation))
  }
}

// Only alerts that fire; pending ones are not shown.
async function evaluateAlerts(server: Pick<Prometheus, 'range'>, span: Evaluation): Promise<readonly Made[]> {
  const made: Made[] = []
  for (const rule of alertingRules(shippedRules('alerts.yml'))) {
    for (const { metric, values } of await server.range(rule.expr, span)) {
      made.push({
        name: 'ALERTS',
        labels: { ...metric, ...rule.labels, alertname: rule.alert, alertstate: 'firing' },
        values: firing(rule, values, span),
      })
    }
  }
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
