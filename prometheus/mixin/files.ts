// What is made from the rules of ../rules: their JSON for the mixin, and the objects of the Prometheus Operator.
//
// The output depends only on the rules.

import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'

/** A generated file: its path from the root of the repository, and its content. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

const RULES = new URL('../rules/', import.meta.url)
const NAMES = ['recording', 'alerts'] as const

const PROMETHEUS_RULES = 'src/service/kubernetes/monitoring/prometheus-rules.yaml'
const PROMETHEUS_RULES_HEADER = `# The rules of prometheus/rules as objects of the Prometheus Operator. Made by \`npm run rules\`: change the rules there.
`

/** All files that follow from the rules. */
export function filesOfRules(): readonly GeneratedFile[] {
  const rules = NAMES.map((name) => ({ name, spec: parse(readFileSync(new URL(`${name}.yml`, RULES), 'utf8')) }))
  return [
    ...rules.map(({ name, spec }) => ({
      path: `prometheus/mixin/${name}.json`,
      text: `${JSON.stringify(spec, null, 2)}\n`,
    })),
    { path: PROMETHEUS_RULES, text: PROMETHEUS_RULES_HEADER + rules.map(prometheusRule).join('---\n') },
  ]
}

function prometheusRule({ name, spec }: { readonly name: string; readonly spec: unknown }): string {
  return stringify(
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: `asterisk-${name}`, labels: { 'app.kubernetes.io/name': 'asterisk-ari-exporter' } },
      spec,
    },
    { lineWidth: 0 },
  )
}
