// The preview of the boards is separate from the program and uses the shipped version of Grafana; its pictures are small.
//
// Its drawings are for people to look at; these tests need no browser.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EVALUATIONS } from '../../../grafana/preview/day.ts'
import { STATE_NAMES, STATES } from '../../../grafana/preview/states.ts'

const ROOT = new URL('../../../', import.meta.url)
const text = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string }>>
}

const lock = (path: string): Lock => JSON.parse(text(path))
const own = lock('grafana/preview/package-lock.json')
const program = lock('package-lock.json')

test('packages of both lockfiles come from the registry of npm', () => {
  for (const { packages } of [own, program]) {
    expect(
      Object.values(packages).filter(({ resolved }) => resolved?.startsWith('https://registry.npmjs.org/') === false),
    ).toEqual([])
  }
})

test('packages of Grafana have the version of docker-compose.yml', () => {
  const [, shipped] = /grafana\/grafana:([\d.]+)/.exec(text('docker-compose.yml')) ?? []
  for (const name of ['data', 'schema', 'ui']) {
    expect([name, own.packages[`node_modules/@grafana/${name}`]?.version]).toEqual([name, shipped])
  }
  expect(program.packages['node_modules/@grafana/schema']?.version).toBe(shipped)
})

test('the program does not depend on packages of the preview', () => {
  expect(Object.keys(program.packages).filter((path) => /@grafana\/(ui|data)$|\/react$/.test(path))).toEqual([])
})

test('its README lists each state, and each state is within the day', () => {
  const readme = text('grafana/preview/README.md')
  for (const name of STATE_NAMES) {
    expect(readme).toContain(`| \`${name}\` | ${new Date(STATES[name].at * 1000).toISOString().slice(11, 16)}, `)
    expect(STATES[name].at).toBeGreaterThan(EVALUATIONS[0].start)
  }
})

test('the pictures are small, and README shows each with a caption', () => {
  const folder = new URL('grafana/pictures/', ROOT)
  const names = readdirSync(folder)
  const boards = text('grafana/README.md')
  for (const name of names) {
    expect(boards).toContain(`(pictures/${name})`)
  }
  for (const [, path = ''] of boards.matchAll(/\]\((pictures\/[^)]+)\)/g)) {
    expect([path, existsSync(new URL(`grafana/${path}`, ROOT))]).toEqual([path, true])
  }
  for (const words of [boards, text('README.md')]) {
    expect(words).toContain('`npm run boards-preview`')
  }
  const bytes = names.reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0)
  expect(bytes).toBeLessThan(600_000)
  // The header of a PNG with a palette.
  for (const name of names) {
    expect([name, readFileSync(new URL(name, folder))[25]]).toEqual([name, 3])
  }
})
