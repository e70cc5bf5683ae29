// The boards for the import: committed as generated, complete, and the same as the provisioned ones but for data sources.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { boards, fileOf } from '../../../grafana/boards.ts'
import { forImport, type ImportedBoard } from '../../../grafana/gallery.ts'
import { committedBoards } from './queries.ts'

const ROOT = join(import.meta.dirname, '../../..')
const FOLDER = join(ROOT, 'grafana/gallery')
const files = boards().map(forImport).map(fileOf)

test('each board can be imported', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(
    committedBoards()
      .map(({ uid }) => `${uid}.json`)
      .sort(),
  )
})

test.each(files)('$name equals the output of the sources; otherwise run: npm run dashboards', ({ name, text }) => {
  expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(text)
})

/** The value without data sources and their choice in links. */
function withoutSources(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, each) =>
    key === 'datasource'
      ? undefined
      : typeof each === 'string'
        ? each.replace(/\$\{datasource:queryparam\}&/, '')
        : each,
  )
}

describe.each(committedBoards().map((board) => [board.uid, board] as const))('%s', (uid, provisioned) => {
  const text = readFileSync(join(FOLDER, `${uid}.json`), 'utf8')
  const imported: ImportedBoard = JSON.parse(text)
  const { __inputs: inputs, __requires: required, __elements: _, ...board } = imported

  test('has an input for each data source, and no input that nothing uses', () => {
    const used = [...text.matchAll(/\$\{(DS_\w+)\}/g)].map(([, name = '']) => name)
    expect(inputs.map(({ name }) => name).sort()).toEqual([...new Set(used)].sort())
    expect(text).not.toMatch(/\$\{?(datasource|calllog)\b/)
  })

  test('every data source is an input of its own type', () => {
    const types = Object.fromEntries(inputs.map(({ name, pluginId }) => [`\${${name}}`, pluginId]))
    const sources: { readonly type: string; readonly uid: string }[] = []
    JSON.parse(text, (key, value) => {
      if (key === 'datasource') {
        sources.push(value)
      }
      return value
    })
    expect(sources.length).toBeGreaterThan(5)
    expect(sources.filter(({ type, uid: source }) => types[source] !== type)).toEqual([])
  })

  test('is the provisioned board otherwise, and may be changed', () => {
    const variables = provisioned.templating.list.filter(({ type }) => type !== 'datasource')
    expect(variables.length).toBeGreaterThan(2)
    expect(withoutSources(board)).toEqual(
      withoutSources({ ...provisioned, templating: { list: variables }, editable: true }),
    )
    expect('id' in board).toBe(false)
  })

  test('names what it needs', () => {
    const types = provisioned.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]).map(({ type }) => type)
    const named = (kind: string) => required.filter(({ type }) => type === kind).map(({ id }) => id)
    expect(named('panel')).toEqual([...new Set(types)].filter((type) => type !== 'row').sort())
    expect(named('datasource')).toEqual(inputs.map(({ pluginId }) => pluginId))
    expect(required.filter(({ type, id, name }) => type === 'panel' && id === name)).toEqual([])
  })
})

test('the plugin is of the version that docker-compose.yml installs', () => {
  const compose: { services: { grafana: { environment: { GF_PLUGINS_PREINSTALL: string } } } } = parse(
    readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'),
    { merge: true },
  )
  const [plugin] = boards()
    .map(forImport)
    .flatMap(({ __requires }) => __requires)
    .filter(({ id }) => id.includes('infinity'))
  expect(compose.services.grafana.environment.GF_PLUGINS_PREINSTALL).toContain(`${plugin?.id}@${plugin?.version}`)
})
