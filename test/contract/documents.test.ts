// The documents: README.md is short and leads to every other one, and each relative link leads to a file, and to a heading that is there.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const MOST_BYTES = 13 * 1024
const SKIPPED: readonly string[] = ['node_modules', '.git', 'dist', 'traces', 'shots']

function documentsIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      return SKIPPED.includes(entry.name) ? [] : documentsIn(path)
    }
    return entry.name.endsWith('.md') ? [normalize(path)] : []
  })
}

const DOCUMENTS = documentsIn('.')

/** Files that a document links to, relative to the root. */
function linksOf(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(document), target)))
}

test('there are documents', () => {
  expect(DOCUMENTS).toContain('README.md')
  expect(DOCUMENTS.length).toBeGreaterThan(10)
})

test('README.md is at most 13 KB', () => {
  expect(statSync(join(ROOT, 'README.md')).size).toBeLessThanOrEqual(MOST_BYTES)
})

test('every document can be reached from README.md', () => {
  const reached = new Set(['README.md'])
  for (const document of reached) {
    for (const target of linksOf(document)) {
      if (DOCUMENTS.includes(target)) {
        reached.add(target)
      }
    }
  }
  expect(DOCUMENTS.filter((document) => !reached.has(document))).toEqual([])
})

test.each(DOCUMENTS)('the links of %s lead to files', (document) => {
  expect(linksOf(document).filter((target) => !existsSync(join(ROOT, target)))).toEqual([])
})

/** The part of an address that GitHub makes of a heading. */
function anchorsOf(document: string): readonly string[] {
  const prose = readFileSync(join(ROOT, document), 'utf8').replaceAll(/^ *```[\s\S]*?^ *```/gm, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each(DOCUMENTS)('the links of %s into documents lead to headings', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8')
  const links = [...text.matchAll(/\]\(((?:[^)#\s:]+\.md)?)#([^)\s]+)\)/g)]
  const lost = links.filter(([, path = '', anchor = '']) => {
    const target = path === '' ? document : normalize(join(dirname(document), path))
    return !anchorsOf(target).includes(anchor)
  })
  expect(lost.map(([link]) => link)).toEqual([])
})

test('every folder of src is in the code map', () => {
  const map = readFileSync(join(ROOT, 'src/README.md'), 'utf8')
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).filter((name) => !map.includes(`| \`${name}/\` |`))).toEqual([])
})
