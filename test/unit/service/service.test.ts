// What goes with the service holds together: settings, unit, command and versions.

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NODE_BINARIES, NODE_VERSION } from '../../../src/service/nodeBinary.ts'
import { SETTING_LIST } from '../../../src/settings/settings.ts'

const ROOT = join(import.meta.dirname, '../../..')
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const freshFolder = () => mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-service-'))

test('exporter.env and service.env set only what the program reads, and the first has no secret', () => {
  const known = SETTING_LIST.map(({ name }) => name)
  const names = ['exporter.env', 'service.env'].flatMap((file) =>
    [...text(`src/service/${file}`).matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name),
  )
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([])
  expect(text('src/service/exporter.env')).not.toMatch(/^#?(ARI_PASSWORD|[A-Z_]*(SECRET|TOKEN))=/m)
})

test('the unit gives a stop more time than the program takes, and has the exit code of wrong settings', () => {
  const unit = text('src/service/asterisk-ari-exporter.service')
  const stop = SETTING_LIST.find(({ name }) => name === 'STOP_TIMEOUT')?.default
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(Number(stop) + 2)
  const [, code] = /^const WRONG_CONFIGURATION = (\d+)$/m.exec(text('src/cli/program.ts')) ?? []
  expect(unit).toContain(`\nRestartPreventExitStatus=${code}\n`)
})

test('the packages have the Node.js that the tests run', () => {
  const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(text('package.json'))
  expect(devDependencies['node']).toBe(NODE_VERSION)
  expect(text('Dockerfile')).toContain(`FROM node:${NODE_VERSION}-`)
  expect(text('src/service/README.md')).toContain(`Node.js (${NODE_VERSION})`)
  for (const { sha256 } of Object.values(NODE_BINARIES)) {
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  }
})

describe('the command in /usr/bin', () => {
  // A Node.js that prints what it is given, and settings in a folder of the test.
  function installed(settings: string) {
    const folder = freshFolder()
    const lib = join(folder, 'lib/asterisk-ari-exporter')
    mkdirSync(join(lib, 'bin'), { recursive: true })
    mkdirSync(join(folder, 'bin'))
    mkdirSync(join(folder, 'links'))
    writeFileSync(join(lib, 'bin/node'), '#!/bin/sh\necho "$@"\nenv | grep _FILE= | sort\n', { mode: 0o755 })
    writeFileSync(join(folder, 'exporter.env'), settings)
    const command = text('src/service/asterisk-ari-exporter').replace(
      'settings=/etc/asterisk-ari-exporter/exporter.env',
      `settings=${folder}/exporter.env`,
    )
    writeFileSync(join(folder, 'bin/command'), command, { mode: 0o755 })
    const link = join(folder, 'links/command')
    symlinkSync(join(folder, 'bin/command'), link)
    return (words: readonly string[], env: Record<string, string> = {}) => {
      const { stdout, stderr } = spawnSync(link, words, {
        env: { PATH: process.env['PATH'] ?? '', ...env },
        encoding: 'utf8',
      })
      return `${stdout}${stderr}`
        .replaceAll(`${folder}/bin/../lib/asterisk-ari-exporter`, 'LIB')
        .replaceAll(folder, 'ETC')
    }
  }
  const CREDENTIALS = '/run/credentials/asterisk-ari-exporter.service'
  const SETTINGS = `#A_FILE=${CREDENTIALS}/secret_a\nWEBHOOK_SECRET_FILE=${CREDENTIALS}/secret_webhook\nB_FILE=${CREDENTIALS}/secret_$(id)\n`

  test('gives commands about the service its settings, and its secrets where root has them', () => {
    const run = installed(SETTINGS)
    const secret = 'WEBHOOK_SECRET_FILE=/etc/asterisk-ari-exporter/secrets/webhook\n'
    const options = '--env-file=LIB/service.env --env-file=ETC/exporter.env LIB/dist/main.js'
    expect(run(['backup', 'a file'])).toBe(`${options} backup a file\n${secret}`)
    expect(run(['--check-config'], { WEBHOOK_SECRET_FILE: '/mine' })).toBe(
      `${options} --check-config\nWEBHOOK_SECRET_FILE=/mine\n`,
    )
  })

  test.each([[['demo']], [['simulate', '--port', '1']], [['--version']], [[]]])('%j gets none', (words) => {
    expect(installed(SETTINGS)(words)).toBe(`${['LIB/dist/main.js', ...words].join(' ')}\n`)
  })
})

describe('npm start and npm run demo build what is missing or older than its sources', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(text('package.json'))

  function builds(files: Readonly<Record<string, number>>): boolean {
    const folder = freshFolder()
    for (const name of ['src', 'dist', 'bin']) {
      mkdirSync(join(folder, name))
    }
    for (const [name, seconds] of Object.entries({
      'package-lock.json': 1,
      'tsconfig.json': 1,
      'tsconfig.build.json': 1,
      ...files,
    })) {
      writeFileSync(join(folder, name), '')
      utimesSync(join(folder, name), seconds, seconds)
    }
    utimesSync(join(folder, 'src'), 1, 1)
    writeFileSync(join(folder, 'bin/npm'), '#!/bin/sh\necho "built: $*"\n')
    chmodSync(join(folder, 'bin/npm'), 0o755)
    const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}` }
    const { stdout, status } = spawnSync('sh', ['-c', scripts['build:stale'] ?? ''], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    return stdout === 'built: run build\n'
  }

  test.each([
    ['nothing is built', { 'src/main.ts': 1 }, true],
    ['a source is newer', { 'dist/main.js': 5, 'src/main.ts': 9 }, true],
    ['packages are newer', { 'dist/main.js': 5, 'src/main.ts': 1, 'package-lock.json': 9 }, true],
    ['all is built', { 'dist/main.js': 5, 'src/main.ts': 1 }, false],
  ])('%s', (_, files, expected) => {
    expect(builds(files)).toBe(expected)
    expect([scripts['prestart'], scripts['predemo']]).toEqual(Array(2).fill('npm run --silent build:stale'))
  })
})

test('npm pack ships what runs, boards and rules, and no test', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(stdout)
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(
    expect.arrayContaining(['prometheus/rules/alerts.yml', 'grafana/dashboards/asterisk-wallboard.json']),
  )
  expect(paths).toEqual(
    expect.arrayContaining(['grafana/provisioning/datasources/asterisk.yml', 'LICENSE', 'README.md']),
  )
  expect(paths.filter((path) => /\.map$|(^|\/)tests?\/|^src\/|\.test\.|generate/.test(path))).toEqual([])
})
