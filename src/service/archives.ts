// Writes a folder as a Debian package or as an archive, in such a way that the same content always gives the same bytes.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { bytesIn, filesIn } from './prune.ts'

/** What dpkg is told about a package. */
export interface DebianPackage {
  readonly version: string
  readonly architecture: string
  readonly maintainer: string
  /** Files with settings, which an upgrade does not overwrite. */
  readonly settings: readonly string[]
  /** Folder of the maintainer scripts. */
  readonly scripts: string
}

const NAME = 'asterisk-ari-exporter'

// The versions that Node.js and better-sqlite3 were compiled for (`objdump -T`).
const DEPENDS = 'libc6 (>= 2.34), libgcc-s1, libstdc++6 (>= 8)'

const DESCRIPTION = `telemetry for the Asterisk PBX
 Writes every call into a SQLite call log and counts it in Prometheus metrics,
 from the events of ARI; nothing is changed in the dialplan. Serves a page with
 live calls, missed callers and search, and an HTTP API.
 .
 The package brings its own Node.js.`

const EXECUTABLE = /^#!|^\x7fELF/

/** Gives every file in the folder the same time, and the permissions of an installation, whatever the umask was. */
export function normalize(folder: string, seconds: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      normalize(path, seconds)
    } else if (entry.isFile()) {
      const isProgram = (lstatSync(path).mode & 0o100) !== 0 && EXECUTABLE.test(firstBytes(path))
      chmodSync(path, isProgram ? 0o755 : 0o644)
      lutimesSync(path, seconds, seconds)
    }
  }
  chmodSync(folder, 0o755)
  lutimesSync(folder, seconds, seconds)
}

function firstBytes(path: string): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(4)
    readSync(file, bytes)
    return bytes.toString('latin1')
  } finally {
    closeSync(file)
  }
}

/** Writes `folder`, the root of the installed system, as a Debian package. `seconds`: the time of its parts. */
export function writeDeb(
  folder: string,
  about: DebianPackage,
  { file, seconds }: { file: string; seconds: number },
): void {
  const control = join(folder, 'DEBIAN')
  const files = filesIn(folder)
  const sums = files
    .map((path) => relative(folder, path))
    .filter((path) => !about.settings.includes(`/${path}`))
    .map(
      (path) =>
        `${createHash('md5')
          .update(readFileSync(join(folder, path)))
          .digest('hex')}  ${path}\n`,
    )
  const fields = {
    Package: NAME,
    Version: about.version,
    Architecture: about.architecture,
    Maintainer: about.maintainer,
    'Installed-Size': String(Math.ceil(bytesIn(folder) / 1024)),
    Depends: DEPENDS,
    Suggests: 'asterisk, prometheus, sqlite3',
    Section: 'net',
    Priority: 'optional',
    Description: DESCRIPTION,
  }
  mkdirSync(control)
  writeFileSync(
    join(control, 'control'),
    Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(''),
  )
  writeFileSync(join(control, 'conffiles'), about.settings.map((path) => `${path}\n`).join(''))
  writeFileSync(join(control, 'md5sums'), sums.join(''))
  for (const script of readdirSync(about.scripts)) {
    writeFileSync(join(control, script), readFileSync(join(about.scripts, script)), { mode: 0o755 })
  }
  normalize(control, seconds)
  lutimesSync(folder, seconds, seconds)
  // Zstandard, because xz takes minutes for Node.js: dpkg of Debian 12 and of Ubuntu 22.04 reads it. One thread: more give other bytes.
  const how = ['--root-owner-group', '-Zzstd', '-z9', '--threads-max=1']
  execFileSync('env', [`SOURCE_DATE_EPOCH=${seconds}`, 'dpkg-deb', ...how, '--build', folder, file], { stdio: 'pipe' })
}

/** Writes `folder` with its name as a .tar.gz. */
export function writeTarGz(folder: string, { file, seconds }: { file: string; seconds: number }): void {
  const script =
    'tar --create --format=gnu --sort=name --owner=0 --group=0 --numeric-owner "--mtime=@$1" -C "$2" "$3" | gzip -n -6 >"$4"'
  execFileSync('bash', [
    '-o',
    'pipefail',
    '-ec',
    script,
    'tar',
    String(seconds),
    join(folder, '..'),
    relative(join(folder, '..'), folder),
    file,
  ])
}

/** Writes the checksums of files in a folder, as `sha256sum` reads them. */
export function writeChecksums(folder: string, names: readonly string[]): void {
  const lines = [...names].sort().map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}  ${name}\n`,
  )
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''))
}
