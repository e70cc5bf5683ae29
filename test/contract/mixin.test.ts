// What is made from the rules is committed as generated, says the same as the rules, and the mixin has every board.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { filesOfRules } from '../../prometheus/mixin/files.ts'

const ROOT = join(import.meta.dirname, '../..')
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface RuleFile {
  readonly groups: readonly { readonly name: string }[]
}

const rulesOf = (name: string): RuleFile => parse(text(`prometheus/rules/${name}.yml`))

test.each(filesOfRules())('$path equals the output of the rules; otherwise run: npm run rules', (file) => {
  expect(text(file.path)).toBe(file.text)
})

test.each(['recording', 'alerts'])('the JSON of %s is its YAML', (name) => {
  expect(JSON.parse(text(`prometheus/mixin/${name}.json`))).toEqual(rulesOf(name))
})

test('the objects of the Prometheus Operator have all rules', () => {
  const objects = parseAllDocuments(text('src/service/kubernetes/monitoring/prometheus-rules.yaml')).map(
    (document): { kind: string; spec: RuleFile } => document.toJS(),
  )
  expect(objects.map(({ kind, spec }) => ({ kind, spec }))).toEqual(
    ['recording', 'alerts'].map((name) => ({ kind: 'PrometheusRule', spec: rulesOf(name) })),
  )
})

test('no two groups have one name, as both files may be loaded as one', () => {
  const names = [...rulesOf('recording').groups, ...rulesOf('alerts').groups].map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
})

test('the mixin has each board, under the name of its file', () => {
  const entries = [...text('prometheus/mixin/mixin.libsonnet').matchAll(/^\s+'(\S+\.json)': import '(\S+)',$/gm)]
  const boards = readdirSync(join(ROOT, 'grafana/dashboards')).sort()
  expect(entries.map(([, name, path]) => ({ name, path }))).toEqual(
    boards.map((name) => ({ name, path: `../../grafana/dashboards/${name}` })),
  )
})
