// How the database of the central call log is reached: the URL with its usual parameters, and the password beside it.
//
// TLS is as for PostgreSQL's own programs, except that nothing falls back to a connection without it: `sslmode` absent or `disable` has
// none, `require` encrypts, `verify-ca` and `verify-full` also check the certificate, by `sslrootcert` or the certificates of Node.js.

import { readFileSync } from 'node:fs'
import { Client, type ClientConfig } from 'pg'
import { POSTGRES_PARAMETERS, SSL_MODES, type SslMode, tlsProblem } from '../settings/postgresUrl.ts'
import { CentralProblem, problemOf } from './problem.ts'

/** Where the central call log is. */
export interface CentralAddress {
  /** `postgres://user@host:port/database?sslmode=…`, without a password. */
  readonly url: string
  /** Null: the server asks for none, or the client's certificate is enough. */
  readonly password: string | null
}

/** A further setting of the connection. */
export interface ConnectionOptions {
  /** As the list of sessions of the server names it. */
  readonly applicationName: string
  /** How long an answer may take, for when the server cannot say so itself: the line has fallen silent. Absent: without end. */
  readonly answerWithinMs?: number
}

const CONNECT_WITHIN_MS = 10_000

const KEEP_ALIVE_AFTER_MS = 30_000

/** How long the other side may take to close a connection. */
const END_WITHIN_MS = 1_000

/** What is wrong with the URL, as a sentence; null if nothing is. */
export function urlProblem(text: string): string | null {
  const url = URL.parse(text)
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    return 'it is not of the form postgres://user@host:port/database'
  }
  if (url.password !== '' || url.searchParams.has('password')) {
    return 'it contains a password: put that into a file, and its path into CALL_LOG_SINK_PASSWORD_FILE'
  }
  if (userOf(url) === '' || url.pathname.length < 2 || hostOf(url) === '') {
    return 'it needs a user, a host and a database: postgres://user@host:port/database'
  }
  const unknown = [...url.searchParams.keys()].find((name) => !POSTGRES_PARAMETERS.includes(name))
  if (unknown !== undefined) {
    return `it has the parameter "${unknown}"; known are ${POSTGRES_PARAMETERS.join(', ')}`
  }
  if (sslModeOf(url) === null) {
    return `its sslmode is "${url.searchParams.get('sslmode')}"; known are ${SSL_MODES.join(', ')}`
  }
  const problem = tlsProblem(url.searchParams)
  return problem === null ? null : `it needs sslmode=verify-full: ${problem}`
}

/** Host, port and database, for messages: nothing of it is secret. */
export function placeOf({ url: text }: CentralAddress): string {
  const url = new URL(text)
  return `${hostOf(url)}:${url.port || '5432'}/${databaseOf(url)}`
}

/** What `pg` needs. Throws a `CentralProblem` if the URL is wrong or a file of it cannot be read. */
export function clientConfig(
  { url: text, password }: CentralAddress,
  { applicationName, answerWithinMs }: ConnectionOptions,
): ClientConfig {
  const problem = urlProblem(text)
  if (problem !== null) {
    throw new CentralProblem('other', `the URL of the central call log is wrong: ${problem}`)
  }
  const url = new URL(text)
  return {
    host: hostOf(url),
    port: Number(url.port || '5432'),
    user: userOf(url),
    database: databaseOf(url),
    // A function, because `pg` would replace an empty password by that of the environment.
    password: () => password ?? '',
    ssl: tlsOf(url),
    application_name: url.searchParams.get('application_name') ?? applicationName,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    ...(answerWithinMs !== undefined && { query_timeout: answerWithinMs }),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  }
}

/** Opens a connection. Rejects with a `CentralProblem`; `signal` ends the attempt. */
export async function connect(
  address: CentralAddress,
  options: ConnectionOptions,
  signal: AbortSignal | null = null,
): Promise<Client> {
  const client = new Client(clientConfig(address, options))
  // A connection that breaks while nothing is asked: the next question fails too, and tells.
  client.on('error', () => undefined)
  const cut = () => cutConnection(client)
  signal?.addEventListener('abort', cut)
  try {
    signal?.throwIfAborted()
    await client.connect()
    return client
  } catch (error) {
    cut()
    throw problemOf(error, placeOf(address))
  } finally {
    signal?.removeEventListener('abort', cut)
  }
}

/** Closes a connection; cuts it if the other side does not answer, which the system would wait for a quarter of an hour. Never rejects. */
export async function closeConnection(client: Client): Promise<void> {
  const timer = setTimeout(() => cutConnection(client), END_WITHIN_MS)
  await client.end().catch(() => undefined)
  clearTimeout(timer)
}

/** Ends a connection at once, with what is under way on it; the server rolls that back. */
export function cutConnection(client: Client): void {
  client.connection.stream.destroy()
}

function hostOf(url: URL): string {
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname)
  return host.replace(/^\[(.*)\]$/, '$1')
}

function userOf(url: URL): string {
  return url.searchParams.get('user') ?? decodeURIComponent(url.username)
}

function databaseOf(url: URL): string {
  return decodeURIComponent(url.pathname.slice(1))
}

function sslModeOf(url: URL): SslMode | null {
  const mode = url.searchParams.get('sslmode') ?? 'disable'
  return SSL_MODES.find((known) => known === mode) ?? null
}

function tlsOf(url: URL): ClientConfig['ssl'] {
  const mode = sslModeOf(url)
  if (mode === null || mode === 'disable') {
    return false
  }
  const ca = fileOf(url, 'sslrootcert')
  const cert = fileOf(url, 'sslcert')
  const key = fileOf(url, 'sslkey')
  return {
    // As in PostgreSQL's own programs: with certificates to check by, `require` checks them.
    rejectUnauthorized: mode !== 'require' || ca !== null,
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ca !== null && { ca }),
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
  }
}

/** `system` stands for the certificates of Node.js. */
function fileOf(url: URL, parameter: string): string | null {
  const path = url.searchParams.get(parameter)
  if (path === null || path === 'system') {
    return null
  }
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CentralProblem('tls', `cannot read the file that ${parameter} names: ${reason}`)
  }
}
