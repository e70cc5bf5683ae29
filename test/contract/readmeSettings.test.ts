// The documentation of the settings, --help and .env.example agree with the list of settings that the program reads.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HELP } from '../../src/cli/help.ts'
import { SETTING_LIST } from '../../src/settings/settings.ts'

const SETTINGS_README = readFileSync(new URL('../../src/settings/README.md', import.meta.url), 'utf8')
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const EXAMPLE = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')

test('src/settings/README.md lists exactly these settings, with the same default and description', () => {
  const table = SETTINGS_README.split('<!-- settings:begin -->')[1]?.split('<!-- settings:end -->')[0] ?? ''
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  const wanted = SETTING_LIST.map(
    (setting) =>
      `| \`${setting.name}\` | ${setting.default === undefined ? '-' : `\`${setting.default}\``} | ${setting.description} |`,
  )
  expect(rows).toEqual(wanted)
})

test('README.md names only settings that exist', () => {
  const section = README.split('\n## Connect your Asterisk\n')[1]?.split('\n## ')[0] ?? ''
  const named = [...section.matchAll(/`([A-Z][A-Z_]+)`/g)].map((match) => match[1])
  expect(named.length).toBeGreaterThan(9)
  const known = SETTING_LIST.map(({ name }) => name)
  expect(named.filter((name) => !known.includes(name ?? ''))).toEqual([])
})

test('--help lists each setting', () => {
  for (const { name } of SETTING_LIST) {
    expect(HELP).toMatch(new RegExp(`^  ${name} `, 'm'))
  }
})

test('.env.example contains only variables that the program or the compose file reads', () => {
  const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8')
  const known = new Set([
    ...SETTING_LIST.map(({ name }) => name),
    ...[...compose.matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]),
  ])
  const names = [...EXAMPLE.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map((match) => match[1])
  expect(names.length).toBeGreaterThan(4)
  expect(names.filter((name) => !known.has(name))).toEqual([])
})
