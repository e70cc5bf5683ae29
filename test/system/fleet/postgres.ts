// A real PostgreSQL 15 for the tests and benchmarks: a cluster of its own in the temporary folder, on a free port of 127.0.0.1.
//
// Passwords are checked over TCP (SCRAM); over the socket in its own folder, the superuser needs none. PostgreSQL refuses to run as
// root: then it runs as `nobody`. Never touches a cluster that it did not make.

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../program/program.ts'

/** Where the programs are; Debian's package `postgresql-15` puts none of them into PATH. */
const PROGRAMS = process.env['POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin'

/** Of `nobody` and `nogroup` on Debian. */
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 }

const READY = 'database system is ready to accept connections'

const run = promisify(execFile)

export interface PostgresOptions {
  /** Whether it waits for the disk, as it does by default in use. Default: no; a kill of its processes loses nothing all the same. */
  readonly fsync?: boolean
  /** Serves TLS with this certificate and key (paths of PEM files). */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Further settings of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Postgres {
  readonly port: number
  /** Its folder, in which its socket is too. */
  readonly folder: string
  /** Process id of the server; null while it is stopped. */
  readonly pid: () => number | null
  /** All that it logged so far. */
  readonly output: () => string
  /** Password of the superuser `postgres`. */
  readonly password: string
  /** `postgres://user@127.0.0.1:port/database`, without a password. */
  readonly url: (user?: string, database?: string) => string
  /** Runs SQL as the superuser with `psql`; what it prints, columns separated by `|`. Rejects with the error of the server. */
  readonly sql: (text: string, database?: string) => Promise<string>
  /** Ends it as an administrator does: sessions are cut, what was committed is written. */
  readonly stop: () => Promise<void>
  /** Ends all its processes at once; the next start recovers from the log. */
  readonly kill: () => Promise<void>
  /** Starts it again, on the same port, with what was committed. */
  readonly start: () => Promise<void>
  /** Ends it and removes its folder. */
  readonly remove: () => Promise<void>
}

/** Makes a cluster and starts it. Rejects with the output of the server when it does not come up. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  if (!existsSync(join(PROGRAMS, 'initdb'))) {
    throw new Error(`no PostgreSQL in ${PROGRAMS}: install Debian's postgresql-15, or set POSTGRES_BIN`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-pg-'))
  const port = await freePort()
  const password = await makeCluster(folder, options)
  let child: ChildProcess | null = null
  let output = ''
  const start = async () => {
    child = spawn(join(PROGRAMS, 'postgres'), serverArguments({ folder, port }, options), {
      ...identity(),
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const log = (chunk: unknown) => {
      output += String(chunk)
    }
    child.stderr?.on('data', log)
    await ready(child)
  }
  const end = async (signal: NodeJS.Signals) => {
    const running = child
    child = null
    if (running !== null && running.exitCode === null && running.signalCode === null) {
      const ended = new Promise((resolve) => running.once('close', resolve))
      running.kill(signal)
      await ended
    }
  }
  // A run that is stopped in the middle of a test ends without `remove`.
  const abandon = () => {
    if (child !== null) {
      const words = ['stop', '-m', 'immediate', '-D', join(folder, 'data')]
      spawnSync(join(PROGRAMS, 'pg_ctl'), words, { ...identity(), cwd: folder, stdio: 'ignore' })
    }
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', abandon)
  await start()
  return {
    port,
    folder,
    password,
    pid: () => child?.pid ?? null,
    output: () => output,
    url: (user = 'postgres', database = 'postgres') => `postgres://${user}@127.0.0.1:${port}/${database}`,
    sql: (text, database = 'postgres') => psql({ folder, port }, { text, database }),
    stop: () => end('SIGINT'),
    kill: () => end('SIGQUIT'),
    start,
    remove: async () => {
      process.off('exit', abandon)
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Place {
  readonly folder: string
  readonly port: number
}

/** Returns the password of the superuser. */
async function makeCluster(folder: string, { tls }: PostgresOptions): Promise<string> {
  const password = `superuser-${Math.random().toString(36).slice(2)}`
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${password}\n`)
  const files = [passwordFile]
  for (const [name, path] of Object.entries(tls ?? {})) {
    const copy = join(folder, `server.${name}`)
    copyFileSync(path, copy)
    files.push(copy)
  }
  for (const file of files) {
    chmodSync(file, 0o600)
    own(file)
  }
  own(folder)
  await run(
    join(PROGRAMS, 'initdb'),
    [
      `--pgdata=${join(folder, 'data')}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth-local=trust',
      '--auth-host=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    { ...identity(), cwd: folder },
  )
  return password
}

function serverArguments({ folder, port }: Place, { fsync = false, tls, settings = {} }: PostgresOptions): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    port: String(port),
    fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    log_line_prefix: '%m [%p] %u@%d ',
    lc_messages: 'C',
    ...(tls !== undefined && {
      ssl: 'on',
      ssl_cert_file: join(folder, 'server.cert'),
      ssl_key_file: join(folder, 'server.key'),
    }),
    ...settings,
  }
  return ['-D', join(folder, 'data'), ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const hear = (chunk: unknown) => {
      output += String(chunk)
      if (output.includes(READY)) {
        child.stderr?.off('data', hear)
        resolve()
      }
    }
    child.stderr?.on('data', hear)
    child.once('error', reject)
    child.once('close', () => reject(new Error(`PostgreSQL did not start: ${output}`)))
  })
}

async function psql(
  { folder, port }: Place,
  { text, database }: { readonly text: string; readonly database: string },
): Promise<string> {
  const words = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-p', String(port), '-U', 'postgres']
  const running = run(join(PROGRAMS, 'psql'), [...words, '-d', database, '-f', '-'], { maxBuffer: 2 ** 28 })
  running.child.stdin?.end(text)
  const { stdout } = await running
  return stdout.trimEnd()
}

/** As whom the programs run. */
function identity(): Partial<typeof UNPRIVILEGED> {
  return process.getuid?.() === 0 ? UNPRIVILEGED : {}
}

function own(path: string): void {
  const { uid, gid } = identity()
  if (uid !== undefined && gid !== undefined) {
    chownSync(path, uid, gid)
  }
}
