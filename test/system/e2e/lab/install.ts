// Puts a real Asterisk (Debian's, of the suite that is set) into a folder of its own, by debootstrap, where it is missing.
//
// Never touches anything outside PLACE.home, and never leaves half an installation behind: it is built beside its place
// and renamed when it is whole. Where Debian's mirror is comes from the machine's own apt, or else from debootstrap.

import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PLACE, SUITE } from './place.ts'

const run = promisify(execFile)
const MINUTES = 60_000
const ASTERISK = 'usr/sbin/asterisk'

/** Says in one sentence what the machine lacks for the end-to-end tests, or null when nothing. */
export async function missingTools(): Promise<string | null> {
  if (process.platform !== 'linux') {
    return 'The end-to-end tests need Linux: they run a real Asterisk from a folder.'
  }
  if (process.getuid?.() !== 0) {
    return 'The end-to-end tests need root (chroot and debootstrap): run them as root.'
  }
  if (!(await has('sipp'))) {
    return 'The end-to-end tests need sipp: apt-get install sip-tester.'
  }
  if (!isInstalled() && !(await has('debootstrap'))) {
    return 'The end-to-end tests need debootstrap: apt-get install debootstrap.'
  }
  return null
}

/** Whether `command` can be run here. */
export async function has(command: string): Promise<boolean> {
  return run('sh', ['-c', `command -v "${command}"`]).then(
    () => true,
    () => false,
  )
}

/** Installs unless it is there (half a minute to some minutes, 400 MB); resolves with `asterisk -V`. Rejects with one clear sentence. */
export async function install(): Promise<string> {
  const lack = await missingTools()
  if (lack !== null) {
    throw new Error(lack)
  }
  if (!isInstalled()) {
    await build()
  }
  const { stdout } = await run('chroot', [PLACE.root, `/${ASTERISK}`, '-V'])
  return stdout.trim()
}

/** The folder of Asterisk's modules, as seen from inside; it depends on the machine's architecture. */
export async function moduleFolder(): Promise<string> {
  const { stdout } = await run('find', [join(PLACE.root, 'usr/lib'), '-name', 'app_dial.so'])
  const found = stdout.split('\n')[0] ?? ''
  if (found === '') {
    throw new Error(`No Asterisk modules under ${PLACE.root}: remove that folder and run again.`)
  }
  return found.slice(PLACE.root.length, -'/app_dial.so'.length)
}

function isInstalled(): boolean {
  return existsSync(join(PLACE.root, ASTERISK))
}

async function build(): Promise<void> {
  const unfinished = `${PLACE.root}.unfinished`
  if (existsSync(PLACE.root)) {
    throw new Error(`${PLACE.root} exists, but there is no Asterisk in it: remove it and run again.`)
  }
  await remove(unfinished)
  mkdirSync(PLACE.home, { recursive: true })
  const mirror = await debianMirror()
  const order = ['--variant=minbase', '--include=asterisk', SUITE, unfinished, ...(mirror === null ? [] : [mirror])]
  process.stdout.write(`Installing the Asterisk of Debian ${SUITE} into ${PLACE.root} …\n`)
  await run('debootstrap', order, { timeout: 20 * MINUTES, maxBuffer: 1 << 26 }).catch((error: unknown) => {
    throw new Error(`debootstrap could not install Asterisk; the end of what it said:\n${lastWords(error)}`)
  })
  rmSync(join(unfinished, 'var/cache/apt/archives'), { recursive: true, force: true })
  await unmountAll(unfinished)
  renameSync(unfinished, PLACE.root)
}

async function remove(folder: string): Promise<void> {
  await unmountAll(folder)
  await run('rm', ['-rf', '--one-file-system', folder])
}

// A debootstrap that was cut short leaves /proc mounted inside: what is mounted there belongs to the machine, and must
// be taken out before anything is deleted or moved.
async function unmountAll(folder: string): Promise<void> {
  for (const mount of mountsUnder(folder).reverse()) {
    await run('umount', [mount])
  }
  const left = mountsUnder(folder)
  if (left.length > 0) {
    throw new Error(`Still mounted, so nothing was touched: ${left.join(', ')}. Unmount it and run again.`)
  }
}

function mountsUnder(folder: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '))
    .filter((path) => path.startsWith(`${folder}/`))
}

async function debianMirror(): Promise<string | null> {
  const known = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)']).catch(() => ({ stdout: '' }))
  return known.stdout.split('\n').find((uri) => /^https?:.*\/debian\/?$/.test(uri)) ?? null
}

function lastWords(error: unknown): string {
  const said = error as { stdout?: string; stderr?: string }
  return `${said.stdout ?? ''}${said.stderr ?? ''}`.trim().split('\n').slice(-8).join('\n') || String(error)
}
