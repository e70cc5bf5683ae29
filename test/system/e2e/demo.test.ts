// The demo of docker-compose.yml without Docker: its two Asterisks with the files that it mounts, and the exporter.
//
// Each container is an address of loopback here. Only addresses and folders differ from those of the container. The calls,
// voice quality and states that a newcomer sees first are checked.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallPage } from '../../../src/query/schema.ts'
import { eventually, freePort, get, type Program, scrape, startProgram, sumOf } from '../program/program.ts'
import { install } from './lab/install.ts'
import { PLACE } from './lab/place.ts'

const run = promisify(execFile)
const DEMO = join(import.meta.dirname, '../../demo')
/** It takes less than a minute on an idle machine; the test prints what it took. */
const HANGS_MS = 240_000

/** As the services of docker-compose.yml are called, and where they are here. */
const ADDRESSES = { asterisk: '127.0.0.2', phones: '127.0.0.3' } as const

type Name = keyof typeof ADDRESSES

/** As closed as the container: nobody's process, without a capability, in a file system that is read-only but for one folder. */
const CLOSED = `
  mount --make-rprivate /
  mount --bind "$0" "$0"
  mount --bind "$0$1" "$0$1"
  mount -o remount,bind,ro "$0"
  exec chroot --userspec=65534:65534 "$0" /usr/sbin/asterisk -f -C "$2"
`

const children: ChildProcess[] = []
const said: Record<Name, string> = { asterisk: '', phones: '' }
let exporter: Program
let port: number

/** Puts the service's folder where its mount is, with this machine's addresses, and starts it. */
function startService(name: Name): void {
  const [folder, running] = [`/demo-${name}`, `/run/demo-${name}`]
  const inside = join(PLACE.root, folder)
  for (const fresh of [inside, join(PLACE.root, running)]) {
    rmSync(fresh, { recursive: true, force: true })
    mkdirSync(fresh, { recursive: true, mode: 0o777 })
    chmodSync(fresh, 0o777)
  }
  cpSync(join(DEMO, name), inside, { recursive: true })
  for (const file of readdirSync(inside)) {
    const text = readFileSync(join(inside, file), 'utf8')
      .replaceAll('0.0.0.0', ADDRESSES[name])
      .replace(/\b(asterisk|phones):5060/g, (_, other: Name) => `${ADDRESSES[other]}:5060`)
      .replaceAll('/run/asterisk', running)
      .replaceAll('=> /demo', `=> ${folder}`)
    writeFileSync(join(inside, file), text)
  }
  const child = spawn('unshare', ['--mount', 'sh', '-euc', CLOSED, PLACE.root, running, `${folder}/asterisk.conf`])
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (said[name] += chunk))
  }
  children.push(child)
}

const cli = async (name: Name, command: string): Promise<string> =>
  (
    await run('chroot', [PLACE.root, '/usr/sbin/asterisk', '-C', `/demo-${name}/asterisk.conf`, '-rx', command]).catch(
      (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
    )
  ).stdout

/** Ends it, without its help where it does not listen. */
async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return
  }
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(late)
}

beforeAll(async () => {
  await install()
  startService('asterisk')
  port = await freePort()
  exporter = startProgram([], {
    ARI_URL: `http://${ADDRESSES.asterisk}:8088`,
    ARI_USER: 'exporter',
    ARI_PASSWORD_FILE: join(DEMO, 'asterisk/ari_password'),
    HTTP_PORT: String(port),
  })
  await eventually(
    () => get(port, '/-/ready'),
    ({ status }) => status === 200,
  )
  startService('phones')
})

afterAll(async () => {
  exporter?.child.kill('SIGTERM')
  await exporter?.ended
  await Promise.all(children.map(gone))
  for (const name of ['asterisk', 'phones']) {
    rmSync(join(PLACE.root, `demo-${name}`), { recursive: true, force: true })
    rmSync(join(PLACE.root, `run/demo-${name}`), { recursive: true, force: true })
  }
})

test('makes calls of every kind, and the phones are healthy as compose asks', async () => {
  const began = Date.now()
  await eventually(
    () => cli('phones', 'pjsip show registrations'),
    (text) => (text.match(/Registered/g) ?? []).length === 3,
  )
  const registeredAfter = Date.now() - began
  const counted = async () => {
    const samples = await scrape(port)
    const calls = (direction: string, disposition: string) =>
      samples.get(`asterisk_calls_total{direction="${direction}",disposition="${disposition}"}`) ?? 0
    return {
      answered: calls('internal', 'answered'),
      busy: calls('internal', 'busy'),
      inbound: calls('inbound', 'answered'),
      missed: sumOf(samples, 'asterisk_missed_calls_total'),
      queued: sumOf(samples, 'asterisk_queue_calls_total'),
      outbound: calls('outbound', 'answered'),
      measured: sumOf(samples, 'asterisk_leg_mos_count'),
    }
  }
  const all = await eventually(counted, (counts) => Object.values(counts).every((count) => count > 0), HANGS_MS)
  const took = Date.now() - began
  process.stdout.write(
    `demo: registered after ${registeredAfter} ms, every kind of call after ${took} ms: ${JSON.stringify(all)}\n`,
  )

  const samples = await scrape(port)
  for (const [endpoint, role] of [
    ['101', 'phone'],
    ['102', 'phone'],
    ['trunk-demo', 'trunk'],
  ] as const) {
    expect([endpoint, samples.get(`asterisk_endpoint_up{endpoint="${endpoint}",role="${role}"}`)]).toEqual([
      endpoint,
      1,
    ])
  }
  const page: CallPage = JSON.parse((await get(port, '/api/calls')).text)
  const numbers = page.calls.filter(({ direction }) => direction === 'inbound').map(({ caller }) => caller)
  expect(new Set(numbers)).toEqual(new Set(['0401234567', '0407654321', '0405550000']))
  for (const name of ['asterisk', 'phones'] as const) {
    expect(await cli(name, 'core waitfullybooted')).toContain('fully booted')
    expect(said[name]).not.toMatch(/declined to load|Error loading|Failed to resolve|Unable to authenticate/)
  }
})
