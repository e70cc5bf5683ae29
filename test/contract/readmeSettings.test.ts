// The README's table of settings and the list the program reads say the same, both ways; so does .env.example.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HELP } from '../../src/cli/help.ts'
import { SETTINGS } from '../../src/settings/settings.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const EXAMPLE = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')

test('README.md has each setting with its default and meaning, and no other', () => {
  const table = README.split('<!-- settings:begin -->')[1]?.split('<!-- settings:end -->')[0] ?? ''
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  const wanted = SETTINGS.map(
    ({ name, fallback, meaning }) => `| \`${name}\` | ${fallback === '' ? '-' : `\`${fallback}\``} | ${meaning} |`,
  )
  expect(rows).toEqual(wanted)
})

test('--help has each of them', () => {
  for (const { name } of SETTINGS) {
    expect(HELP).toMatch(new RegExp(`^  ${name} `, 'm'))
  }
})

test('.env.example sets nothing that the program or the compose file does not read', () => {
  const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8')
  const known = new Set([
    ...SETTINGS.map(({ name }) => name),
    ...[...compose.matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]),
  ])
  const names = [...EXAMPLE.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map((match) => match[1])
  expect(names.length).toBeGreaterThan(4)
  expect(names.filter((name) => !known.has(name))).toEqual([])
})
