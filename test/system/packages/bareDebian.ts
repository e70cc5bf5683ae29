// A bare Debian 12 without Node.js in a folder, as somebody has it who installs the package: made by debootstrap, once.
//
// Each run works on a copy, and mounts only in a namespace of its own, so that nothing is left mounted.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const HOME = join(tmpdir(), 'asterisk-ari-exporter-bare-debian')
const SUITE = 'bookworm'
const BASE = join(HOME, SUITE)
const MINUTES = 60_000

// Mounts /proc as the unit's ProcSubset wants it, then runs a command inside.
const INSIDE = 'mount -t proc -o subset=pid proc "$0/proc" && exec chroot "$0" "$@"'

/** Words of a command that ended, and all that it said. */
export interface Ended {
  readonly code: number
  readonly output: string
}

export interface BareDebian {
  readonly root: string
  /** Runs a command inside, as root. */
  run(...words: string[]): Promise<Ended>
  /** Starts a command inside, as root. The process that is returned is the command. */
  start(...words: string[]): ChildProcess
  remove(): void
}

/** Says in one sentence what the machine lacks, or null when nothing. */
export async function whatIsMissing(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return 'needs root on Linux: chroot and debootstrap'
  }
  for (const [command, name] of [
    ['dpkg-deb', 'dpkg'],
    ['systemd-analyze', 'systemd'],
    ['debootstrap', 'debootstrap'],
  ]) {
    const isThere = await execute('sh', ['-c', `command -v ${command}`]).then(
      () => true,
      () => false,
    )
    if (!isThere) {
      return `needs ${command}: apt-get install ${name}`
    }
  }
  return null
}

/** A copy of the bare Debian. */
export async function bareDebian(): Promise<BareDebian> {
  if (!existsSync(BASE)) {
    await build()
  }
  const root = mkdtempSync(join(HOME, 'copy-'))
  await execute('cp', ['-a', '--reflink=auto', `${BASE}/.`, root])
  const start = (...words: string[]) =>
    spawn('unshare', ['--mount', 'sh', '-c', INSIDE, root, ...words], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  return {
    root,
    start,
    run: (...words) => ended(start(...words)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** Resolves when a process has ended. */
export function ended(child: ChildProcess): Promise<Ended> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => (output += chunk))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? -1, output }))
  })
}

async function build(): Promise<void> {
  const unfinished = `${BASE}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(HOME, { recursive: true })
  const known = await execute('apt-get', ['indextargets', '--format', '$(REPO_URI)']).catch(() => ({ stdout: '' }))
  const mirror = known.stdout.split('\n').find((uri) => /^https?:.*\/debian\/?$/.test(uri))
  const order = ['--variant=minbase', SUITE, unfinished, ...(mirror === undefined ? [] : [mirror])]
  // In a namespace of its own: what debootstrap mounts is gone with it.
  await execute('unshare', ['--mount', 'debootstrap', ...order], { timeout: 20 * MINUTES, maxBuffer: 1 << 26 })
  rmSync(join(unfinished, 'var/cache/apt/archives'), { recursive: true, force: true })
  renameSync(unfinished, BASE)
}
