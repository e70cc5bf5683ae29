// Configures the test's own Asterisk from etc/, starts, queries and stops it.
//
// It runs in its own root file system and hears on 127.0.0.1 only. An Asterisk that an earlier, broken-off run left
// behind is found by its pid and ended, unless that run still lasts; any other program on our ports is left alone and named.

import { execFile, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { filled } from './filled.ts'
import { install, moduleFolder } from './install.ts'
import { lockLab } from './lock.ts'
import { ACCESS, ARI_URL, CAST, PLACE, PORTS, RECORDS } from './place.ts'

const run = promisify(execFile)
const TEMPLATES = join(import.meta.dirname, 'etc')
const CONFIG = '/lab/etc/asterisk.conf'
const PID_FILE = join(PLACE.run, 'asterisk.pid')
const LOG_FILE = join(PLACE.run, 'asterisk.log')
const START_MS = 60_000
const RELEASE_MS = 10_000

// Asterisk complains of these when they are missing, and is content when they are empty.
const EMPTY = 'acl amd ccss indications pjproject queuerules stasis udptl websocket_client'

/**
 * Installs where needed, writes the configuration, clears what a former run left, and starts it; resolves with its
 * version once ARI answers. `more`: further configuration files, by name, which those of etc/ include.
 */
export async function startAsterisk(more: Readonly<Record<string, string>> = {}): Promise<string> {
  lockLab()
  const version = await install()
  await stopAsterisk()
  await configure(more)
  rmSync(PLACE.run, { recursive: true, force: true })
  mkdirSync(PLACE.run, { recursive: true })
  await launchAsterisk()
  return version
}

/**
 * Starts it as it was: its configuration, and what it has written down of the calls, stay. It has a real-time priority (`-p`), as Debian's
 * service starts it: a PBX answers and sends sound in time, whatever else the machine does.
 */
export async function launchAsterisk(): Promise<void> {
  await claimPort()
  const log = openSync(LOG_FILE, 'a')
  const child = spawn('chroot', [PLACE.root, '/usr/sbin/asterisk', '-f', '-p', '-C', CONFIG], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  writeFileSync(PID_FILE, String(child.pid))
  await untilAriAnswers(() => child.exitCode !== null || child.signalCode !== null)
  await cli('core waitfullybooted')
  await untilQueuesKnowPhones()
}

/** Ends Asterisk with SIGKILL: it hangs up nobody and writes nothing down. Resolves when it is gone. */
export async function killAsterisk(): Promise<void> {
  const pid = runningPid()
  if (pid === null) {
    throw new Error('There is no Asterisk to kill.')
  }
  process.kill(pid, 'SIGKILL')
  while (runningPid() !== null) {
    await sleep(10)
  }
}

/** Has Asterisk hang up everybody and begin anew in its own process; resolves once ARI answers again. */
export async function restartAsterisk(): Promise<void> {
  const before = await startOf()
  await cli('core restart now')
  const end = Date.now() + START_MS
  while ((await startOf().catch(() => before)) === before) {
    if (Date.now() > end) {
      throw new Error(`Asterisk did not begin anew within ${START_MS / 1000} s.`)
    }
    await sleep(50)
  }
}

/** Ends Asterisk, with or without its help; does nothing when none runs. */
export async function stopAsterisk(): Promise<void> {
  const pid = runningPid()
  if (pid !== null) {
    await cli('core stop now').catch(() => undefined)
    for (let i = 0; i < 50 && runningPid() !== null; i++) {
      await sleep(100)
    }
    if (runningPid() !== null) {
      process.kill(pid, 'SIGKILL')
    }
  }
  rmSync(PID_FILE, { force: true })
}

/** Runs one command on Asterisk's console and resolves with what it printed. */
export async function cli(command: string): Promise<string> {
  const { stdout } = await run('chroot', [PLACE.root, '/usr/sbin/asterisk', '-C', CONFIG, '-rx', command], {
    timeout: 40_000,
  })
  return stdout.trim()
}

/** One ARI request as the user who may do all; resolves with the parsed answer, rejects on any status but 2xx. */
export async function ari(path: string, method = 'GET'): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${ACCESS.user}:${ACCESS.password}`).toString('base64')}`
  const answer = await fetch(`${ARI_URL}/ari${path}`, {
    method,
    headers: { authorization },
    signal: AbortSignal.timeout(20_000),
  })
  if (!answer.ok) {
    throw new Error(`ARI ${method} ${path}: HTTP ${answer.status}`)
  }
  const text = await answer.text()
  return text === '' ? null : JSON.parse(text)
}

/** Resolves once Asterisk has no channel left; rejects, naming those that stay, after `limitMs`. */
export async function untilQuiet(limitMs = 60_000): Promise<void> {
  const end = Date.now() + limitMs
  for (;;) {
    const channels = (await ari('/channels')) as { name: string }[]
    if (channels.length === 0) {
      return
    }
    if (Date.now() > end) {
      throw new Error(`Channels that never ended: ${channels.map((c) => c.name).join(', ')}`)
    }
    await sleep(50)
  }
}

/** Hangs up whatever a scenario that went wrong left behind, so that the next one begins in silence. */
export async function hangUpAll(): Promise<void> {
  const channels = (await ari('/channels')) as unknown[]
  if (channels.length > 0) {
    await cli('channel request hangup all')
  }
  await untilQuiet()
}

async function startOf(): Promise<string> {
  const { status } = (await ari('/asterisk/info')) as { status: { startup_time: string } }
  return status.startup_time
}

async function configure(more: Readonly<Record<string, string>>): Promise<void> {
  const values: Record<string, string | number> = { ...PORTS, ...ACCESS, moduleFolder: await moduleFolder() }
  const folder = join(PLACE.root, 'lab/etc')
  rmSync(folder, { recursive: true, force: true })
  for (const inside of [
    'lab/etc',
    'run/asterisk',
    'var/log/asterisk/cdr-custom',
    'var/log/asterisk/cdr-csv',
    'var/log/asterisk/cel-custom',
    'var/spool/asterisk/recording',
  ]) {
    mkdirSync(join(PLACE.root, inside), { recursive: true })
  }
  for (const name of EMPTY.split(' ')) {
    writeFileSync(join(folder, `${name}.conf`), '')
  }
  for (const file of readdirSync(TEMPLATES)) {
    writeFileSync(join(folder, file), filled(readFileSync(join(TEMPLATES, file), 'utf8'), values))
  }
  writeFileSync(join(folder, 'pjsip_cast.conf'), CAST.map(phoneSections).join('\n'))
  for (const [name, text] of Object.entries(more)) {
    writeFileSync(join(folder, name), text)
  }
  for (const record of Object.values(RECORDS)) {
    rmSync(record, { force: true })
  }
}

/** A phone of the cast, as pjsip.conf writes it. */
export function phoneSections(name: string): string {
  const endpoint = `[${name}](peer)\ncontext = cast\naors = ${name}\ncallerid = "Phone ${name}" <${name}>\n`
  return `${endpoint}[${name}](aor)\ncontact = sip:${name}@127.0.0.1:${PORTS.phones}\n`
}

async function claimPort(): Promise<void> {
  // Threads of the Asterisk that was stopped may hold it for a moment after the first of them is gone.
  const end = Date.now() + RELEASE_MS
  while (!(await isFree(PORTS.sip))) {
    if (Date.now() > end) {
      throw new Error(`UDP port ${PORTS.sip} on 127.0.0.1 is taken by another program.`)
    }
    await sleep(20)
  }
}

async function isFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  const free = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false))
    socket.bind(port, '127.0.0.1', () => resolve(true))
  })
  await new Promise<void>((resolve) => socket.close(() => resolve()))
  return free
}

async function untilAriAnswers(ended: () => boolean): Promise<void> {
  const end = Date.now() + START_MS
  while (Date.now() < end && !ended()) {
    const up = await ari('/asterisk/info').then(
      () => true,
      () => false,
    )
    if (up) {
      return
    }
    await sleep(50)
  }
  const said = readFileSync(LOG_FILE, 'utf8').trim().split('\n').slice(-8).join('\n')
  throw new Error(
    `Asterisk ${ended() ? 'ended at once' : `did not answer ARI within ${START_MS / 1000} s`}. The end of ${LOG_FILE}:\n${said}`,
  )
}

// Asterisk reads the states of members when it loads its queues, and listens for changes of them a moment later: a phone that comes online
// in between stays unavailable to its queues, which never ring it.
async function untilQueuesKnowPhones(): Promise<void> {
  const end = Date.now() + START_MS
  for (;;) {
    const endpoints = (await ari('/endpoints/PJSIP')) as { resource: string; state: string }[]
    const online = new Set(endpoints.filter(({ state }) => state === 'online').map(({ resource }) => resource))
    const shown = (await cli('queue show')).split('\n')
    const forgotten = shown.filter((line) => /\((Unavailable|Invalid)\)/.test(line) && online.has(phoneOf(line)))
    if (forgotten.length === 0) {
      return
    }
    if (Date.now() > end) {
      throw new Error(`Queues that do not know that a phone is online:\n${forgotten.join('\n')}`)
    }
    await cli('queue reload members')
    await sleep(100)
  }
}

function phoneOf(member: string): string {
  return /PJSIP\/([^\s)]+)/.exec(member)?.[1] ?? ''
}

/**
 * The process id of the running Asterisk; null when none runs. The pid may have been reused: the process is this Asterisk only if its
 * root is this file system.
 */
export function runningPid(): number | null {
  const pid = existsSync(PID_FILE) ? Number(readFileSync(PID_FILE, 'utf8')) : 0
  if (pid <= 0) {
    return null
  }
  try {
    return readlinkSync(`/proc/${pid}/root`) === realpathSync(PLACE.root) ? pid : null
  } catch {
    return null
  }
}
