// A real pgbouncer in transaction mode before a PostgreSQL of the tests: each transaction may get another connection of the server.

import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../program/program.ts'
import type { Postgres } from './postgres.ts'

export interface Bouncer {
  readonly port: number
  readonly pid: number
  readonly output: () => string
  readonly stop: () => Promise<void>
}

/** Has so many connections to the server for each user; `passwords` by user. Rejects with its output if it does not start. */
export async function startPgbouncer(
  postgres: Postgres,
  { passwords, connections }: { readonly passwords: Readonly<Record<string, string>>; readonly connections: number },
): Promise<Bouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-bouncer-'))
  const port = await freePort()
  const users = join(folder, 'users.txt')
  const config = join(folder, 'pgbouncer.ini')
  writeFileSync(
    users,
    Object.entries(passwords)
      .map(([user, password]) => `"${user}" "${password}"\n`)
      .join(''),
  )
  writeFileSync(
    config,
    `[databases]
* = host=127.0.0.1 port=${postgres.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 2000
`,
  )
  const isRoot = process.getuid?.() === 0
  for (const path of [folder, users, config]) {
    chmodSync(path, path === folder ? 0o700 : 0o600)
    if (isRoot) {
      chownSync(path, 65_534, 65_534)
    }
  }
  const child = spawn('pgbouncer', [config], {
    ...(isRoot && { uid: 65_534, gid: 65_534 }),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      output += String(chunk)
      if (output.includes('process up')) {
        resolve()
      }
    })
    child.once('error', (error) => reject(new Error(`no pgbouncer: install Debian's pgbouncer (${error.message})`)))
    child.once('close', () => reject(new Error(`pgbouncer did not start: ${output}`)))
  })
  return {
    port,
    pid: child.pid ?? 0,
    output: () => output,
    stop: async () => {
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
