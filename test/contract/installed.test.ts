// The installed tree is free of what is known to be bad: packages without a maintainer, versions with known holes.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Installed {
  readonly name: string
  readonly version: string
  readonly path: string
}

const MODULES = new URL('../../node_modules/', import.meta.url)

function installed(): readonly Installed[] {
  return readdirSync(MODULES, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|node_modules\/)(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
    .flatMap((path) => {
      const { name, version }: { name?: string; version?: string } = JSON.parse(
        readFileSync(new URL(path, MODULES), 'utf8'),
      )
      return name !== undefined && version !== undefined ? [{ name, version, path }] : []
    })
}

/** Lowest major version that may be installed, of what is installed. */
const LOWEST: Readonly<Record<string, number>> = { ws: 8, uuid: 11, 'form-data': 4 }

const TREE = installed()

test('the tree was read', () => {
  expect(TREE.map(({ name }) => name)).toEqual(expect.arrayContaining(['ari-client', 'ws', 'uuid']))
})

test('the abandoned `request` is not in it', () => {
  expect(TREE.filter(({ name }) => name === 'request')).toEqual([])
})

test.each(Object.entries(LOWEST))('%s is at least version %i everywhere', (name, major) => {
  const copies = TREE.filter((one) => one.name === name)
  expect(copies.filter(({ version }) => Number(version.split('.')[0]) < major)).toEqual([])
})

test('a signal to `npm start` reaches the program: no shell is left in between', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  for (const name of ['start', 'demo']) {
    expect(scripts[name]).toMatch(/^exec node dist\/main\.js/)
  }
})
