// Debian's jsonnet evaluates the mixin as prometheus/README.md shows, and gives the boards and rules as they are shipped.

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '../../..')
const MIXIN = `import 'prometheus/mixin/mixin.libsonnet'`
const boards = readdirSync(join(ROOT, 'grafana/dashboards'))

const shipped = (path: string): unknown => parse(readFileSync(join(ROOT, path), 'utf8'))
const isThere = spawnSync('jsonnet', ['--version']).status === 0

/** What jsonnet prints for an expression. */
function evaluated(expression: string): string {
  const { stdout, stderr, status } = spawnSync('jsonnet', ['-e', expression], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  expect([status, stderr]).toEqual([0, ''])
  return stdout
}

beforeAll(() => {
  if (!isThere) {
    process.stdout.write("NOT RUN: jsonnet is not here (Debian's package jsonnet); the mixin was not evaluated\n")
  }
})

test.runIf(isThere)('the boards are those of grafana/dashboards', () => {
  const files = Object.fromEntries(boards.map((name) => [name, shipped(`grafana/dashboards/${name}`)]))
  expect(JSON.parse(evaluated(`(${MIXIN}).grafanaDashboards`))).toEqual(files)
})

test.runIf(isThere)('the rules are those of prometheus/rules', () => {
  for (const [field, name] of [
    ['prometheusRules', 'recording'],
    ['prometheusAlerts', 'alerts'],
  ]) {
    expect(JSON.parse(evaluated(`(${MIXIN}).${field}`))).toEqual(shipped(`prometheus/rules/${name}.yml`))
  }
})

test.runIf(isThere)('it adds to other mixins', () => {
  const other = `{ prometheusAlerts+:: { groups+: [{ name: 'other' }] }, grafanaDashboards+:: { 'other.json': {} } }`
  const both = evaluated(
    `local both = ${other} + (${MIXIN}); { groups: std.length(both.prometheusAlerts.groups), boards: std.objectFieldsAll(both.grafanaDashboards) }`,
  )
  const { groups } = shipped('prometheus/rules/alerts.yml') as { readonly groups: readonly unknown[] }
  expect(JSON.parse(both)).toEqual({ groups: groups.length + 1, boards: [...boards, 'other.json'].sort() })
})
