// The rows of `.ci/matrix`: which tests run on which version, and how the version is seen.

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A component and the version in which it was seen. */
export interface Seen {
  readonly component: string
  readonly version: string
}

/** One run of vitest. */
export interface Row {
  /** Its name begins with that of its group: `node-22` is a row of `node`. */
  readonly name: string
  /** For the table. */
  readonly tests: string
  /** What vitest is to run: projects and files. */
  readonly vitest: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** The Node.js that runs vitest and the program; default: the one of this repository. */
  readonly node: () => string
  /** The versions, after the run. `output` is what it printed, `node` what ran it. */
  readonly seen: (output: string, node: string) => readonly Seen[]
}

const own = () => process.execPath

const NODE_MAJORS = [22, 24, 26]
/** Suite of Debian -> major version of its Asterisk. */
const ASTERISKS = { bullseye: 16, sid: 22 } as const
const SERVERS = ['queries', 'rules', 'alertmanager', 'victoriaMetrics']
const FLOWS = ['plain', 'voice', 'staffing', 'questions']

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [
  ...NODE_MAJORS.flatMap((major): readonly Row[] => [
    onNode(major, { name: `node-${major}-parts`, projects: ['parts', 'stock'] }),
    onNode(major, { name: `node-${major}-program`, projects: ['program'] }),
  ]),
  ...Object.entries(ASTERISKS).map(
    ([suite, major]): Row => ({
      name: `asterisk-${major}`,
      tests: `\`e2e\`: ${FLOWS.join(', ')}`,
      vitest: ['--project', 'e2e', ...FLOWS.map((name) => `/${name}.test.ts`)],
      environment: { ASTERISK_LAB_SUITE: suite },
      node: own,
      seen: (output) => found(output, /\b(Asterisk) (\d+\.\d+\.\d+)/g),
    }),
  ),
  {
    name: 'servers',
    tests: `\`noc\`: ${SERVERS.join(', ')}`,
    vitest: ['--project', 'noc', ...SERVERS.map((name) => `/${name}.test.ts`)],
    environment: {},
    node: own,
    seen: (output) => found(output, /\b(Prometheus|Alertmanager|VictoriaMetrics) (\d+\.\d+\.\d+)/g),
  },
  {
    name: 'postgresql',
    tests: '`fleet`',
    vitest: ['--project', 'fleet'],
    environment: {},
    node: own,
    seen: () => [{ component: 'PostgreSQL', version: postgresVersion() }],
  },
]

function onNode(
  major: number,
  { name, projects }: { readonly name: string; readonly projects: readonly string[] },
): Row {
  return {
    name,
    tests: projects.map((project) => `\`${project}\``).join(', '),
    vitest: projects.flatMap((project) => ['--project', project]),
    environment: {},
    node: () => nodeOf(major),
    seen: (_output, node) => [{ component: 'Node.js', version: versionOf(node) }],
  }
}

/** Rows by name or group; all without a name. Throws for a name that is none. */
export function rowsNamed(names: readonly string[]): readonly Row[] {
  const unknown = names.filter((name) => !ROWS.some((row) => isNamed(row, name)))
  if (unknown.length > 0) {
    throw new Error(`there is no row ${unknown.join(', ')}; rows: ${ROWS.map(({ name }) => name).join(' ')}`)
  }
  return names.length === 0 ? ROWS : ROWS.filter((row) => names.some((name) => isNamed(row, name)))
}

const isNamed = (row: Row, name: string) => row.name === name || row.name.startsWith(`${name}-`)

/** Component and version, each once, in the order of components and versions. */
export function found(output: string, pattern: RegExp): readonly Seen[] {
  const all = [...output.matchAll(pattern)].map(([whole]) => whole)
  return [...new Set(all)]
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((whole) => {
      const [component = '', version = ''] = whole.split(' ')
      return { component, version }
    })
}

// The package `node` of the registry, in a folder of its own, so that the one of this repository stays.
function nodeOf(major: number): string {
  const folder = join(tmpdir(), `asterisk-ari-exporter-node-${major}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }\n')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', `node@${major}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return join(folder, 'node_modules/node/bin/node')
}

function versionOf(node: string): string {
  return execFileSync(node, ['--print', 'process.versions.node'], { encoding: 'utf8' }).trim()
}

function postgresVersion(): string {
  const programs = process.env['POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin'
  const output = execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' })
  return /\d+\.\d+/.exec(output)?.[0] ?? output.trim()
}
