// How the database of the central call log is reached: the URL with its usual parameters, and the password beside it.
//
// TLS is as for PostgreSQL's own programs, except that nothing falls back to a connection without it: `sslmode` absent or `disable` has
// none, `require` encrypts, `verify-ca` and `verify-full` also check the certificate, by `sslrootcert` or the certificates of Node.js.

import { readFileSync } from 'node:fs'
import { Client, type ClientConfig } from 'pg'
import { type PostgresUrl, readPostgresUrl } from '../settings/postgresUrl.ts'
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

/** Host, port and database, for messages: nothing of it is secret. */
export function placeOf({ url }: CentralAddress): string {
  const { host, port, database } = partsOf(url)
  return `${host}:${port}/${database}`
}

/** What `pg` needs. Throws a `CentralProblem` if the URL is wrong or a file of it cannot be read. */
export function clientConfig(
  { url, password }: CentralAddress,
  { applicationName, answerWithinMs }: ConnectionOptions,
): ClientConfig {
  const parts = partsOf(url)
  return {
    host: parts.host,
    port: parts.port,
    user: parts.user,
    database: parts.database,
    // A function, because `pg` would replace an empty password by that of the environment.
    password: () => password ?? '',
    ssl: tlsOf(parts),
    application_name: parts.parameters.get('application_name') ?? applicationName,
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

// The settings have checked it.
function partsOf(url: string): PostgresUrl {
  const read = readPostgresUrl(url)
  if ('wanted' in read) {
    throw new CentralProblem('other', `the URL of the central call log is wrong: give ${read.wanted}`)
  }
  return read
}

function tlsOf({ sslMode, parameters }: PostgresUrl): ClientConfig['ssl'] {
  if (sslMode === 'disable') {
    return false
  }
  const ca = fileOf(parameters, 'sslrootcert')
  const cert = fileOf(parameters, 'sslcert')
  const key = fileOf(parameters, 'sslkey')
  return {
    // As in PostgreSQL's own programs: with certificates to check by, `require` checks them.
    rejectUnauthorized: sslMode !== 'require' || ca !== null,
    ...(sslMode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ca !== null && { ca }),
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
  }
}

/** `system` stands for the certificates of Node.js. */
function fileOf(parameters: URLSearchParams, parameter: string): string | null {
  const path = parameters.get(parameter)
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
