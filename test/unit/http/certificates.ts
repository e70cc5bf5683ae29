// Keys and certificates made for one run of the tests by openssl, in a temporary folder: nothing of the kind is committed.
//
// All on elliptic curves: made in milliseconds. Without openssl the tests that need it are skipped, and that is said.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** True when the program is there; says so when it is not. */
export function isInstalled(program: 'openssl' | 'promtool', word: string): boolean {
  const there = spawnSync(program, [word], { stdio: 'ignore' }).error === undefined
  if (!there) {
    process.stderr.write(`${program} is not installed: the tests that need it are skipped\n`)
  }
  return there
}

/** Paths of a certificate and its key. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** A new folder. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-http-'))
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Makes `NAME.crt` and `NAME.key` in the folder, self-signed or signed by `ca`. */
export function makePair(folder: string, name: string, ca?: Pair): Pair {
  const pair = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) }
  const signer = ca === undefined ? [] : ['-CA', ca.cert, '-CAkey', ca.key]
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  openssl(['req', '-x509', ...KEY, '-days', '2', ...names, ...signer, '-keyout', pair.key, '-out', pair.cert])
  return pair
}

/** The same key locked with a password; gives its path. */
export function lockedKey(folder: string, pair: Pair): string {
  const path = join(folder, 'locked.key')
  openssl(['ec', '-in', pair.key, '-aes256', '-passout', 'pass:locked', '-out', path])
  return path
}

/** Writes a file into the folder and gives its path. */
export function writeInto(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function openssl(words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' })
}
