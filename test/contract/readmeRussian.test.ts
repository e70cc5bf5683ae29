// README.ru.md is README.md in Russian: the same headings, commands, tables, pictures and links, in the same order.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const [ENGLISH, RUSSIAN] = ['README.md', 'README.ru.md'].map((name) =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'),
) as [string, string]

const CODE = /^ *```(\w*)\n(.*?)^ *```$/gms

/** Without what is inside code blocks. */
function proseOf(text: string): string {
  return text.replace(CODE, '')
}

/** Code blocks; of the list of commands, what stands before the explanations. */
function codeOf(text: string): readonly string[] {
  return [...text.matchAll(CODE)].map(([, language = '', code = '']) =>
    language === '' ? code.replace(/^(.{41}\S?).*$/gm, (line) => line.slice(0, 42).trimEnd()) : code,
  )
}

function linksOf(text: string): readonly string[] {
  return [...proseOf(text).matchAll(/\]\(([^)]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !target.startsWith('#') && !/^README(\.ru)?\.md$/.test(target))
}

/** Of each row of a table, how many cells it has and the code in them. */
function tablesOf(text: string): readonly string[] {
  return proseOf(text)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => [line.split('|').length, ...codeIn(line)].join(' '))
}

function codeIn(line: string): readonly string[] {
  return [...line.matchAll(/`[^`]+`/g)].map(([code]) => code).toSorted()
}

test.each([
  ['headings', (text: string) => [...proseOf(text).matchAll(/^(#+) /gm)].map(([, level]) => level)],
  ['commands and configurations', codeOf],
  ['tables', tablesOf],
  ['links and pictures', linksOf],
  ['names of settings, files and options in the text', (text: string) => codeIn(proseOf(text))],
])('the same %s', (_what, partsOf) => {
  const parts = partsOf(ENGLISH)
  expect(parts.length).toBeGreaterThan(4)
  expect(partsOf(RUSSIAN)).toEqual(parts)
})

test('both lead to each other', () => {
  expect(ENGLISH).toContain('](README.ru.md)')
  expect(RUSSIAN).toContain('](README.md)')
})
