// The tests of the rules, each file with the rules that it is about and no others.
//
// promtool evaluates every rule of its files at each step of the made-up time: ten times the processor time, and the same results.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleTests } from '../../unit/prometheus/ruleTests.ts'
import { neededRecords } from './ruleDependencies.ts'
import { alertingRules, type RuleFile, recordingRules, shippedRules } from './shippedRules.ts'

const SHIPPED = [shippedRules('recording.yml'), shippedRules('alerts.yml')]
const RECORDS = SHIPPED.flatMap(recordingRules)
const ALERTS = SHIPPED.flatMap(alertingRules)

/** Writes the tests and their rules into the folder, and returns the path of the tests: what promtool is given. */
export function writeWithNeededRules(folder: string, { file, group_eval_order, ...tests }: RuleTests): string {
  const groups = groupsNeededBy(tests.tests)
  const [rulesPath, testsPath] = [join(folder, `rules-${file}`), join(folder, file)]
  writeFileSync(rulesPath, JSON.stringify({ groups }))
  const order = group_eval_order.filter((name) => groups.some((group) => group.name === name))
  writeFileSync(testsPath, JSON.stringify({ ...tests, rule_files: [rulesPath], group_eval_order: order }))
  return testsPath
}

/** The alerts that the tests name, and the recording rules that those, their texts and the expressions of the tests depend on. */
function groupsNeededBy(tests: RuleTests['tests']): RuleFile['groups'] {
  const named = new Set(tests.flatMap(({ alert_rule_test }) => alert_rule_test.map(({ alertname }) => alertname)))
  const alerts = ALERTS.filter(({ alert }) => named.has(alert))
  const texts = JSON.stringify(alerts.map(({ annotations }) => annotations))
  const exprs = [
    ...alerts.map(({ expr }) => expr),
    ...RECORDS.map(({ record }) => record).filter((record) => texts.includes(record)),
    ...tests.flatMap(({ promql_expr_test }) => promql_expr_test.map(({ expr }) => expr)),
  ]
  const needed = new Set<object>([...alerts, ...neededRecords(exprs, RECORDS).flat()])
  return SHIPPED.flatMap(({ groups }) => groups)
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => needed.has(rule)) }))
    .filter(({ rules }) => rules.length > 0)
}
