// The promtool tests of prometheus/rules/tests, read as data.
//
// promtool runs them; this file only reads them. Throws for a file that promtool would not accept.

import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const FOLDER = new URL('../../../prometheus/rules/tests/', import.meta.url)

const FILE = z.strictObject({
  rule_files: z.array(z.string()),
  evaluation_interval: z.string(),
  group_eval_order: z.array(z.string()).default([]),
  tests: z.array(
    z.strictObject({
      name: z.string(),
      interval: z.string(),
      external_labels: z.record(z.string(), z.string()).default({}),
      input_series: z.array(z.strictObject({ series: z.string(), values: z.string() })),
      alert_rule_test: z
        .array(
          z.strictObject({
            eval_time: z.string(),
            alertname: z.string(),
            exp_alerts: z.array(
              z.strictObject({
                exp_labels: z.record(z.string(), z.string()),
                exp_annotations: z.record(z.string(), z.string()),
              }),
            ),
          }),
        )
        .default([]),
      promql_expr_test: z
        .array(
          z.strictObject({
            expr: z.string(),
            eval_time: z.string(),
            exp_samples: z.array(z.strictObject({ labels: z.string(), value: z.number() })),
          }),
        )
        .default([]),
    }),
  ),
})

/** A file of tests. */
export type RuleTests = z.output<typeof FILE> & { readonly file: string }

/** All files. */
export function ruleTests(): readonly RuleTests[] {
  return readdirSync(FOLDER).map((file) => ({
    file,
    ...FILE.parse(parse(readFileSync(new URL(file, FOLDER), 'utf8'))),
  }))
}
