// The rules of src/README.md, checked in the import lines and the text of the sources.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const SRC = new URL('../../src/', import.meta.url)

interface Source {
  /** Path below src, with slashes. */
  readonly path: string
  readonly folder: string
  readonly text: string
  readonly imports: readonly string[]
}

const SOURCES: readonly Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && statSync(new URL(path, SRC)).isFile())
  .map((path) => {
    const text = readFileSync(new URL(path, SRC), 'utf8')
    const imports = [
      ...text.matchAll(
        /(?:^|\n)(?:import|export)[^'\n]*(?:\n[^'\n]*)*?from '([^']+)'|import\('([^']+)'\)|^import '([^']+)'/g,
      ),
    ]
    return {
      path,
      folder: path.includes('/') ? (path.split('/')[0] ?? '') : '',
      text,
      imports: imports.map((match) => match[1] ?? match[2] ?? match[3] ?? ''),
    }
  })

/** The top-level folder that an import leads to; null for packages and node's own. */
function targetFolder(source: Source, specifier: string): string | null {
  if (!specifier.startsWith('.')) {
    return null
  }
  const path = pathOf(source, specifier)
  return path.includes('/') ? (path.split('/')[0] ?? '') : ''
}

/** The file that a relative import names, from `src/`. */
function pathOf(source: Source, specifier: string): string {
  return new URL(specifier, new URL(source.path, SRC)).pathname.slice(SRC.pathname.length)
}

function code(source: Source): string {
  return source.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

/** Folders without I/O and clocks, and the folders that each may import besides itself. */
const PURE: ReadonlyMap<string, readonly string[]> = new Map([
  ['call', []],
  ['endpoint', []],
  ['numbers', ['call']],
  ['callback', ['call', 'numbers']],
  ['fraud', ['call', 'numbers']],
  ['control', ['call', 'endpoint']],
  ['staffing', ['call']],
  ['voice', ['call']],
])

/** Packages that some files of a folder without I/O may import. */
const PURE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'libphonenumber-js/min': ['numbers/phoneNumber.ts'],
  'libphonenumber-js/core': ['numbers/destination.ts', 'numbers/typedMetadata.ts'],
  'node:module': ['numbers/typedMetadata.ts'],
  tinyqueue: ['callback/deadlines.ts'],
}

const OWNERS: Readonly<Record<string, string>> = {
  'ari-client': 'ari',
  uplot: 'http',
  'better-sqlite3': 'calllog',
  'prom-client': 'metrics',
  express: 'http',
  pg: 'central',
  yaml: 'http',
  bcryptjs: 'http',
  // In log.ts; the other files use its type Logger.
  pino: '',
  'pino-pretty': '',
}

/** Where clocks are read; the page in the browser cannot import the program's. */
const CLOCKS: readonly string[] = ['time/clock.ts', 'http/page/client/clock.ts']

/** The configuration knows no part of the program: the parts get their options from it. */
const isConfiguration = ({ path, folder }: Source) => path === 'config.ts' || folder === 'settings'

/** Never from the one to the other. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ['calllog', 'metrics'],
  ['metrics', 'calllog'],
  ['calllog', 'ari'],
  ['metrics', 'ari'],
  ['http', 'ari'],
  ['http', 'calllog'],
  ['http', 'metrics'],
  ['calllog', 'central'],
  ['calllog', 'webhook'],
  ['central', 'metrics'],
  ['webhook', 'metrics'],
  ['shipping', 'metrics'],
  ['http', 'shipping'],
  ['http', 'central'],
  ['ari', 'calllog'],
  ['ari', 'metrics'],
  ['ari', 'http'],
]

test('there are sources to check', () => {
  expect(SOURCES.length).toBeGreaterThan(20)
  expect(SOURCES.flatMap((source) => source.imports).length).toBeGreaterThan(50)
})

// zod takes three times as long to load as the rest of a thread.
test.each(['calllog/writer/worker.ts', 'calllog/reader/worker.ts', 'shipping/worker.ts'])(
  'the thread %s does not load zod',
  (path) => {
    const loaded = new Set<string>()
    const load = (module: string): void => {
      const source = SOURCES.find((each) => each.path === module)
      if (source === undefined || loaded.has(module)) {
        return
      }
      loaded.add(module)
      for (const [, specifier = ''] of source.text.matchAll(/^(?:import|export) (?!type )[^']*'([^']+)'/gm)) {
        load(specifier.startsWith('.') ? pathOf(source, specifier) : specifier)
        expect([module, specifier]).not.toEqual([module, 'zod'])
      }
    }
    load(path)
    expect(loaded.size).toBeGreaterThan(5)
  },
)

test('each metric name is written once, and in metrics/', () => {
  const written = SOURCES.flatMap((source) =>
    [...code(source).matchAll(/['"`](asterisk_(?!id['"`])[a-z_]+)['"`]/g)].map(
      (match) => [match[1] ?? '', source.folder] as const,
    ),
  )
  expect(written.length).toBeGreaterThan(30)
  expect(written.filter(([, folder]) => folder !== 'metrics')).toEqual([])
  const names = written.map(([name]) => name)
  expect(names).toEqual([...new Set(names)])
})

describe.each(SOURCES.map((source) => [source.path, source] as const))('%s', (path, source) => {
  test('keeps the direction of the data', () => {
    for (const specifier of source.imports) {
      const folder = targetFolder(source, specifier)
      const pure = PURE.get(source.folder)
      if (pure !== undefined && PURE_PACKAGES[specifier]?.includes(path) !== true) {
        expect([specifier, [source.folder, ...pure]]).toEqual([specifier, expect.arrayContaining([folder])])
      }
      if (specifier.startsWith('libphonenumber-js')) {
        expect([specifier, source.folder]).toEqual([specifier, 'numbers'])
      }
      if (isConfiguration(source)) {
        expect([specifier, [null, 'settings'].includes(folder)]).toEqual([specifier, true])
      }
      if (source.folder !== 'app' && source.folder !== 'cli') {
        expect([specifier, folder]).not.toEqual([specifier, 'app'])
      }
      if (source.folder !== 'ari') {
        expect(specifier).not.toMatch(/ari\/wire\.ts$/)
      }
      for (const [from, to] of FORBIDDEN) {
        if (source.folder === from) {
          expect([specifier, folder]).not.toEqual([specifier, to])
        }
      }
      const owner = OWNERS[specifier]
      if (owner !== undefined) {
        expect([specifier, source.folder]).toEqual([specifier, owner])
      }
    }
  })

  test('uses no clock and no process where it must not', () => {
    if (PURE.has(source.folder)) {
      expect(code(source)).not.toMatch(/Date\.now|new Date\b|setTimeout|setInterval|performance\./)
    }
    if (path !== 'cli/program.ts') {
      expect(code(source)).not.toMatch(/process\.(env|exit|on)\b/)
    }
  })

  test('takes node:http from process/http.ts, because an import loads fetch', () => {
    if (source.folder !== 'pbx-sim') {
      expect(code(source)).not.toMatch(/^import (?!type )[^\n]*'node:http'/m)
    }
  })

  test('reads no clock but in one place', () => {
    if (CLOCKS.includes(path) || source.folder === 'pbx-sim') {
      return
    }
    expect(code(source)).not.toMatch(
      /\bDate\.now\b|\bnew Date\(\)|\bnew Date\b(?!\()|\bperformance\b|\bhrtime\b|\bprocess\.uptime\b/,
    )
  })

  test('never uses the global registry, and SQL only in the call logs', () => {
    expect(code(source)).not.toMatch(
      /\bregister\.(metrics|registerMetric|clear)|import \{[^}]*\bregister\b[^}]*\} from 'prom-client'/,
    )
    if (!['calllog', 'central'].includes(source.folder)) {
      expect(code(source)).not.toMatch(/\b(SELECT .* FROM|INSERT INTO|DELETE FROM|CREATE TABLE)\b/)
    }
  })

  test('terminates no thread that may load SQLite, but in calllog/sqliteThread.ts', () => {
    if (!['calllog/sqliteThread.ts', 'http/auth/bcrypt.ts'].includes(path) && /\bWorker\b/.test(code(source))) {
      expect(code(source)).not.toMatch(/\.terminate\b/)
    }
  })

  test('keeps no mutable state in a module, and emits nothing of its own', () => {
    expect(code(source)).not.toMatch(/^(export )?(let|var) /m)
    expect(code(source)).not.toMatch(/\bEventEmitter\b/)
  })

  test('names no metric and no URL in the core', () => {
    if (PURE.has(source.folder)) {
      expect(code(source)).not.toMatch(/\basterisk_[a-z]|https?:\/\//)
    }
  })

  test('has a head comment and at most 300 lines', () => {
    if (path.endsWith('.d.ts')) {
      return
    }
    const head = source.text.replace(/^#!.*\n/, '')
    expect(head.startsWith('// ')).toBe(true)
    expect(source.text.split('\n').length).toBeLessThanOrEqual(300)
  })
})
