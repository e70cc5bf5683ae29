// The packages on a bare Debian 12 without Node.js: installed, started as the unit says, upgraded, removed, purged; the archive and
// the npm package too.
//
// One story, in order. `npm run packages` made what is tested: this file calls the same script.

import { execFile, spawn } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { MIGRATIONS } from '../../../src/calllog/file/migrations.ts'
import { freePort, get, scrape, sumOf } from '../program/program.ts'
import { type BareDebian, bareDebian, type Ended, ended, whatIsMissing } from './bareDebian.ts'
import { rewriteInSchema } from './olderSchema.ts'
import { installedUnit, startService } from './unit.ts'

const execute = promisify(execFile)
const ROOT = join(import.meta.dirname, '../../..')
const SCRIPT = join(ROOT, 'src/service/packages.ts')
const NAME = 'asterisk-ari-exporter'
const ARCH = process.arch === 'arm64' ? 'arm64' : 'amd64'
const PATIENCE = { timeout: 60_000, interval: 200 }

/** Where a package may leave something behind: the records of dpkg, and what the test itself makes. */
const NOT_ITS_OWN = /^(proc|sys|dev|run|tmp|var\/run|var\/log|var\/lib\/dpkg|var\/cache|var\/lib\/private$)/

const missing = await whatIsMissing()
if (missing !== null) {
  process.stdout.write(`The tests of the packages are skipped: they need ${missing.replace(/^needs /, '')}\n`)
}

async function makePackages(out: string): Promise<string> {
  const { stdout } = await execute(process.execPath, [SCRIPT, '--arch', ARCH, '--out', out], { maxBuffer: 1 << 26 })
  return stdout
}

/** The same package with another version, not compressed. */
async function withVersion(deb: string, version: string): Promise<string> {
  const folder = mkdtempSync(join(dirname(deb), 'older-'))
  await execute('dpkg-deb', ['-R', deb, join(folder, 'root')])
  const control = join(folder, 'root/DEBIAN/control')
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${version}`))
  const file = join(folder, 'older.deb')
  await execute('dpkg-deb', ['--root-owner-group', '-Znone', '--build', join(folder, 'root'), file])
  rmSync(join(folder, 'root'), { recursive: true })
  return file
}

function filesOf({ root }: BareDebian): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => !NOT_ITS_OWN.test(path))
}

/** Waits until more than `calls` have ended; fails at once, with what the program said, if it ends. */
async function untilMoreCalls(port: number, calls: number, log: Promise<Ended>): Promise<void> {
  const early = log.then(({ output }) => Promise.reject(new Error(`the program has ended: ${output}`)))
  const counted = vi.waitFor(
    async () => expect(sumOf(await scrape(port), 'asterisk_calls_total')).toBeGreaterThan(calls),
    PATIENCE,
  )
  await Promise.race([counted, early])
}

describe.skipIf(missing !== null)('the packages', { timeout: 300_000 }, () => {
  const out = mkdtempSync(join(tmpdir(), `${NAME}-packages-test-`))
  const versionOf = () => readFileSync(join(out, 'a/SHA256SUMS'), 'utf8').match(/-(\d+\.\d+\.\d+\S*)-linux-/)?.[1] ?? ''
  const deb = () => join(out, 'a', `${NAME}_${versionOf().replace('-', '~')}_${ARCH}.deb`)
  const archive = () => join(out, 'a', `${NAME}-${versionOf()}-linux-${ARCH}.tar.gz`)
  let system: BareDebian
  let before: readonly string[]
  let port: number
  let pbx: { readonly url: string; end(): void }
  const database = () => join(system.root, 'var/lib/private', NAME, 'callcenter.db')
  const install = async (file: string) => {
    const inside = join(system.root, 'tmp/package.deb')
    rmSync(inside, { force: true })
    linkSync(file, inside)
    // Without waiting for the disk after each file: this Debian need not survive a crash.
    return await system.run('dpkg', '--force-unsafe-io', '-i', '/tmp/package.deb')
  }

  beforeAll(async () => {
    ;[system] = await Promise.all([bareDebian(), makePackages(join(out, 'a')), makePackages(join(out, 'b'))])
    before = filesOf(system)
    port = await freePort()
  }, 900_000)

  afterAll(() => {
    pbx?.end()
    system?.remove()
    rmSync(out, { recursive: true, force: true })
  })

  test('a second build gives the same bytes', async () => {
    const sums = readFileSync(join(out, 'a/SHA256SUMS'), 'utf8')
    expect(sums.trim().split('\n')).toHaveLength(3)
    expect(readFileSync(join(out, 'b/SHA256SUMS'), 'utf8')).toBe(sums)
    await execute('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: join(out, 'a') })
    rmSync(join(out, 'b'), { recursive: true })
  })

  test('an older version is installed without Node.js, enabled, and says what to configure', async () => {
    expect((await system.run('sh', '-c', 'command -v node')).code).not.toBe(0)
    const { code, output } = await install(await withVersion(deb(), '0.0.9'))
    expect([code, output]).toEqual([0, expect.stringContaining('its settings are not complete')])
    expect(output).toContain('- ARI_USER is not set')
    expect(output).toContain('- ARI_PASSWORD_FILE names')
    expect(output).toContain('edit /etc/asterisk-ari-exporter/exporter.env')
    expect(output).not.toMatch(/warning|error/i)
    const wanted = join(system.root, `etc/systemd/system/multi-user.target.wants`)
    expect(readdirSync(wanted)).toContain(`${NAME}.service`)
    expect(statSync(join(system.root, 'etc', NAME, 'exporter.env')).mode & 0o777).toBe(0o640)
    expect(statSync(join(system.root, 'etc', NAME, 'secrets/ari-password')).mode & 0o777).toBe(0o600)
  })

  test('without settings, the service ends with the code for which systemd does not start it again', async () => {
    const { code, output } = await ended(startService(system))
    expect(String(code)).toBe(installedUnit(system).one('RestartPreventExitStatus'))
    expect(output).toContain('ARI_USER is not set')
  })

  test('systemd finds no fault with the unit', async () => {
    const folder = mkdtempSync(join(tmpdir(), `${NAME}-unit-`))
    const file = join(folder, `${NAME}.service`)
    const unit = readFileSync(join(system.root, `usr/lib/systemd/system/${NAME}.service`), 'utf8')
    writeFileSync(file, unit.replaceAll(`=/usr/lib/${NAME}/bin/node`, `=${process.execPath}`))
    const verified = await execute('systemd-analyze', ['verify', '--man=no', file])
    expect([verified.stdout, verified.stderr]).toEqual(['', ''])
    // Tenths: exposure above 2.5 would be an error.
    const { stdout } = await execute('systemd-analyze', [
      'security',
      '--offline=true',
      '--threshold=25',
      '--no-pager',
      file,
    ])
    expect(stdout).toMatch(/Overall exposure level/)
    rmSync(folder, { recursive: true })
  })

  test('with settings, it serves a call of the simulated Asterisk and logs it', async () => {
    const simulation = system.start(NAME, 'simulate', '--rate', '4')
    let said = ''
    simulation.stdout?.on('data', (chunk) => (said += chunk))
    await vi.waitFor(() => expect(said).toContain('ARI_PASSWORD='), PATIENCE)
    const [, url = '', user = '', password = ''] = /ARI_URL=(\S+) ARI_USER=(\S+) ARI_PASSWORD=(\S+)/.exec(said) ?? []
    pbx = { url, end: () => simulation.kill('SIGTERM') }
    const settings = join(system.root, 'etc', NAME, 'exporter.env')
    const given = readFileSync(settings, 'utf8').replace(/^ARI_URL=.*$/m, `ARI_URL=${url}`)
    writeFileSync(settings, `${given.replace(/^ARI_USER=.*$/m, `ARI_USER=${user}`)}HTTP_PORT=${port}\n`)
    writeFileSync(join(system.root, 'etc', NAME, 'secrets/ari-password'), `${password}\n`)
    expect((await system.run(NAME, '--check-config')).output).toContain('configuration is valid')

    const service = startService(system)
    const log = ended(service)
    await untilMoreCalls(port, 0, log)
    const { text: exposed } = await get(port, '/metrics')
    expect(exposed).toMatch(/^asterisk_exporter_build_info\{.*revision="[0-9a-f]{40}/m)
    const backup = await system.run(NAME, 'backup', '/tmp/copy.db')
    expect([backup.code, backup.output]).toEqual([0, expect.stringMatching(/[1-9]\d* ended calls/)])
    service.kill('SIGTERM')
    const { code, output } = await log
    expect([code, output]).toEqual([0, expect.stringContaining('"msg":"stopped"')])
    const db = new Database(database(), { readonly: true })
    expect(db.prepare('SELECT count(*) FROM calls WHERE disposition IS NOT NULL').pluck().get()).toBeGreaterThan(0)
    db.close()
    expect(statSync(database()).mode & 0o077).toBe(0)
  })

  test('an upgrade keeps settings and calls, brings the call log to the newest schema, and the counters go on', async () => {
    const calls = rewriteInSchema(database(), 10)
    const settings = readFileSync(join(system.root, 'etc', NAME, 'exporter.env'), 'utf8')

    const { code, output } = await install(deb())
    expect([code, output]).toEqual([0, expect.not.stringContaining('not complete')])
    expect((await system.run(NAME, '--version')).output.trim()).toBe(versionOf())
    expect(readFileSync(join(system.root, 'etc', NAME, 'exporter.env'), 'utf8')).toBe(settings)

    const service = startService(system)
    const log = ended(service)
    await untilMoreCalls(port, calls, log)
    service.kill('SIGTERM')
    expect((await log).code).toBe(0)
    const db = new Database(database(), { readonly: true })
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length)
    db.close()
  })

  test('removal keeps settings and call log; a purge leaves nothing', async () => {
    const removed = await system.run('dpkg', '--remove', NAME)
    expect([removed.code, removed.output]).toEqual([0, expect.not.stringMatching(/warning|error/i)])
    const kept = filesOf(system).filter((path) => path.includes(NAME))
    expect(kept).toContain(`etc/${NAME}/exporter.env`)
    expect(kept).toContain(`var/lib/private/${NAME}/callcenter.db`)
    expect(kept.filter((path) => path.startsWith('usr/'))).toEqual([])

    const purged = await system.run('dpkg', '--purge', NAME)
    expect([purged.code, purged.output]).toEqual([0, expect.stringContaining('What was made elsewhere is left')])
    expect(filesOf(system).filter((path) => !before.includes(path))).toEqual([])
  })

  test('the archive runs from any folder', async () => {
    linkSync(archive(), join(system.root, 'tmp/archive.tar.gz'))
    mkdirSync(join(system.root, 'opt', NAME))
    const unpack = ['--strip-components=1', '-C', `/opt/${NAME}`]
    expect((await system.run('tar', '-xzf', '/tmp/archive.tar.gz', ...unpack)).code).toBe(0)
    expect((await system.run(`/opt/${NAME}/bin/${NAME}`, '--version')).output.trim()).toBe(versionOf())
    const demo = system.start('env', `HTTP_PORT=${port}`, `/opt/${NAME}/bin/${NAME}`, 'demo')
    const log = ended(demo)
    await vi.waitFor(async () => expect((await get(port, '/-/ready')).status).toBe(200), PATIENCE)
    expect((await get(port, '/')).text).toContain('<title>')
    demo.kill('SIGTERM')
    expect((await log).code).toBe(0)
  })

  test('the npm package runs from a prefix of its own', async () => {
    const prefix = mkdtempSync(join(tmpdir(), `${NAME}-npm-`))
    const quiet = ['--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund', '--prefer-offline']
    await execute('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', prefix], { cwd: ROOT })
    await execute('npm', [
      'install',
      '--global',
      '--prefix',
      prefix,
      ...quiet,
      join(prefix, `${NAME}-${versionOf()}.tgz`),
    ])
    const { stdout } = await execute(join(prefix, 'bin', NAME), ['--version'])
    expect(stdout.trim()).toBe(versionOf())
    const demo = spawn(join(prefix, 'bin', NAME), ['demo'], {
      env: { PATH: process.env['PATH'], HTTP_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const log = ended(demo)
    await vi.waitFor(async () => expect((await get(port, '/-/ready')).status).toBe(200), PATIENCE)
    demo.kill('SIGTERM')
    expect((await log).code).toBe(0)
    rmSync(prefix, { recursive: true })
  })
})
