// The shipped rules of Prometheus, for the tests of the dashboards.

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A recording or alerting rule. */
export interface ShippedRule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

const RULES = new URL('../../../prometheus/rules/', import.meta.url)
const FILES: readonly string[] = ['recording.yml', 'alerts.yml']

/** The content of a rules file. */
export function rulesText(): string {
  return FILES.map((name) => readFileSync(new URL(name, RULES), 'utf8')).join('\n')
}

/** All rules of both files. */
export function shippedRules(): readonly ShippedRule[] {
  return FILES.flatMap((name) => {
    const { groups }: { readonly groups: readonly { readonly rules: readonly ShippedRule[] }[] } = parse(
      readFileSync(new URL(name, RULES), 'utf8'),
    )
    return groups.flatMap(({ rules }) => rules)
  })
}
