// The rules of prometheus/rules as they are shipped, read for tests that run, divide or count them.
//
// Never holds a copy of a rule. Source of the form: Prometheus' documentation of recording and alerting rules.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const RULES_FOLDER = join(import.meta.dirname, '../../../prometheus/rules')

const TEXTS = z.record(z.string(), z.string()).default({})

const RECORDING = z.object({ record: z.string(), expr: z.string(), labels: TEXTS })

const ALERTING = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string().default('0s'),
  keep_firing_for: z.string().default('0s'),
  labels: TEXTS,
  annotations: TEXTS,
})

const FILE = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      interval: z.string().optional(),
      rules: z.array(z.union([ALERTING, RECORDING])),
    }),
  ),
})

export type RecordingRule = z.output<typeof RECORDING>
export type AlertingRule = z.output<typeof ALERTING>
export type RuleFile = z.output<typeof FILE>

/** One file; throws when it is not of the form that Prometheus reads. */
export function shippedRules(name: 'recording.yml' | 'alerts.yml'): RuleFile {
  return FILE.parse(parse(readFileSync(join(RULES_FOLDER, name), 'utf8')))
}

export function alertingRules(file: RuleFile): readonly AlertingRule[] {
  return file.groups.flatMap(({ rules }) => rules).filter((rule) => 'alert' in rule)
}

export function recordingRules(file: RuleFile): readonly RecordingRule[] {
  return file.groups.flatMap(({ rules }) => rules).filter((rule) => 'record' in rule)
}
