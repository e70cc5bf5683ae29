// Creates keys and certificates with openssl in a temporary folder, so that none is committed.
//
// Elliptic-curve keys, which take milliseconds. Without openssl, the tests that need it are skipped with a message.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether the program is installed; writes a message to stderr if it is not. */
export function isInstalled(program: 'openssl' | 'promtool', versionArgument: string): boolean {
  const isFound = spawnSync(program, [versionArgument], { stdio: 'ignore' }).error === undefined
  if (!isFound) {
    process.stderr.write(`${program} is not installed: the tests that need it are skipped\n`)
  }
  return isFound
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

const LOCAL = 'DNS:localhost,IP:127.0.0.1'

/** Creates `NAME.crt` and `NAME.key` in the folder, self-signed or signed by `ca`, for these hosts. */
export function makePair(folder: string, name: string, ca?: Pair, hosts = LOCAL): Pair {
  const pair = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) }
  const signer = ca === undefined ? [] : ['-CA', ca.cert, '-CAkey', ca.key]
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${hosts}`]
  openssl(['req', '-x509', ...KEY, '-days', '2', ...names, ...signer, '-keyout', pair.key, '-out', pair.cert])
  return pair
}

/** Encrypts a copy of the key with a password; returns its path. */
export function encryptedKey(folder: string, pair: Pair): string {
  const path = join(folder, 'encrypted.key')
  openssl(['ec', '-in', pair.key, '-aes256', '-passout', 'pass:password', '-out', path])
  return path
}

/** Writes a file into the folder; returns its path. */
export function writeInto(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' })
}
