// Starts the command of a unit file inside a bare Debian as systemd would, where no systemd runs: with its environment, its
// credentials, its folder and a user without rights. What only a kernel can enforce (system calls, namespaces) is left out.

import type { ChildProcess } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { BareDebian } from './bareDebian.ts'

const NAME = 'asterisk-ari-exporter'
/** Of those that systemd takes for dynamic users. */
const USER = 61_234

export interface Unit {
  /** All values of a setting, in their order. */
  all(setting: string): readonly string[]
  /** The only value of a setting. */
  one(setting: string): string
}

export function parseUnit(text: string): Unit {
  const pairs = text.split('\n').flatMap((line) => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    return name === '' ? [] : [[name, value] as const]
  })
  const all = (setting: string) => pairs.filter(([name]) => name === setting).map(([, value]) => value)
  return {
    all,
    one(setting) {
      const [value, ...others] = all(setting)
      if (value === undefined || others.length > 0) {
        throw new Error(`${setting} is ${others.length === 0 ? 'not' : 'more than once'} in the unit`)
      }
      return value
    },
  }
}

/** The unit that the package installed. */
export function installedUnit({ root }: BareDebian): Unit {
  return parseUnit(readFileSync(join(root, `usr/lib/systemd/system/${NAME}.service`), 'utf8'))
}

/** Starts the service. The process that is returned is the program. */
export function startService(system: BareDebian): ChildProcess {
  const unit = installedUnit(system)
  const credentials = `/run/credentials/${NAME}.service`
  const expand = (value: string) => value.replaceAll('%d', credentials).replaceAll('%S', '/var/lib')
  makeStateFolder(system.root, unit.one('StateDirectory'))
  loadCredentials(system.root, { credentials, load: unit.one('LoadCredential') })
  const environment = [
    ...unit.all('Environment').map(expand),
    ...unit.all('EnvironmentFile').flatMap((file) => assignments(readFileSync(join(system.root, file), 'utf8'))),
  ]
  const user = [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--no-new-privs', '--bounding-set=-all']
  const folder = expand(unit.one('WorkingDirectory'))
  return system.start(
    ...['sh', '-c', `umask ${unit.one('UMask')} && exec "$@"`, 'sh'],
    ...['setpriv', ...user, 'env', '-i', `--chdir=${folder}`, ...environment, ...unit.one('ExecStart').split(' ')],
  )
}

function assignments(text: string): readonly string[] {
  return text.split('\n').filter((line) => /^[A-Z_]+=/.test(line))
}

function makeStateFolder(root: string, name: string): void {
  const folder = join(root, 'var/lib/private', name)
  const link = join(root, 'var/lib', name)
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true })
    chownSync(folder, USER, USER)
    symlinkSync(`private/${name}`, link)
  }
}

function loadCredentials(root: string, { credentials, load }: { credentials: string; load: string }): void {
  const [id = '', from = ''] = load.split(':')
  const folder = join(root, credentials)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(join(root, from))) {
    const file = join(folder, `${id}_${name}`)
    writeFileSync(file, readFileSync(join(root, from, name)), { mode: 0o400 })
    chownSync(file, USER, USER)
  }
}
