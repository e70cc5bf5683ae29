// What is wrong when the central call log cannot be read or written: a reason from a closed list, and a sentence that says what to do.
//
// The text of an error of the server may quote values, and with them phone numbers: only its code, and the names of a column or a
// constraint, get into a sentence.

import { DatabaseError } from 'pg'
import type { SinkFailureReason } from '../shipping/sink.ts'

/** Why the central call log cannot be used; `message` says what to do and has no secret. */
export class CentralProblem extends Error {
  override readonly name = 'CentralProblem'
  readonly reason: SinkFailureReason

  constructor(reason: SinkFailureReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** A reason, and what to do; `where` is host, port and database. */
type Advice = readonly [SinkFailureReason, (where: string) => string]

const INIT = 'run `asterisk-ari-exporter fleet --init` as the owner of the tables'

const BY_CODE: Readonly<Record<string, Advice>> = {
  '28P01': [
    'unauthorized',
    (where) =>
      `${where} refuses the password: check the user in CALL_LOG_SINK and the file CALL_LOG_SINK_PASSWORD_FILE`,
  ],
  '28000': [
    'unauthorized',
    (where) =>
      `${where} refuses the user or this host: check the user in CALL_LOG_SINK, its right to log in, and pg_hba.conf`,
  ],
  '3D000': ['schema', (where) => `there is no such database as in ${where}: create it, then ${INIT}`],
  '3F000': [
    'schema',
    (where) => `${where} has no schema to look for tables in: set the search_path of the user, then ${INIT}`,
  ],
  '42P01': ['schema', (where) => `${where} lacks a table or view of the central call log: ${INIT}`],
  '42703': ['schema', (where) => `${where} lacks a column of the central call log: ${INIT} of this version`],
  '42P10': [
    'schema',
    (where) => `a table in ${where} is not one of the central call log: ${INIT} in a database of its own`,
  ],
  '42P07': [
    'schema',
    (where) =>
      `${where} has a table that is not of the central call log: use a database, or a schema in the search_path, of its own`,
  ],
  '42501': [
    'unauthorized',
    (where) => `the user in CALL_LOG_SINK lacks a right in ${where}: grant it, as src/central/README.md shows`,
  ],
  '25006': ['full', (where) => `${where} is read-only: give CALL_LOG_SINK the address of the primary server`],
  '53100': ['full', (where) => `the disk of ${where} is full: make room`],
  '53300': [
    'status',
    (where) => `${where} has too many connections: raise max_connections, or put pgbouncer before it`,
  ],
  '57P03': ['status', (where) => `${where} is starting or stopping: wait`],
  '57014': ['timeout', (where) => `${where} did not finish in time: look what it waits for in pg_stat_activity`],
  '55P03': ['timeout', (where) => `${where} waited too long for a lock: look who holds it in pg_locks`],
}

/** By the first two characters of the code. */
const BY_CLASS: Readonly<Record<string, Advice>> = {
  '08': ['unreachable', (where) => `the connection to ${where} broke`],
  '40': ['status', (where) => `${where} undid the transaction because of another one`],
  '42': ['schema', (where) => `the tables in ${where} are not as this version needs them: ${INIT}`],
  '53': ['full', (where) => `${where} lacks memory or disk: look into its log`],
  '57': ['unreachable', (where) => `${where} ended the session`],
  '58': ['full', (where) => `${where} cannot read or write its files: look into its log`],
}

/** Codes of TLS errors of Node.js that do not begin with `ERR_TLS` or `ERR_SSL`. */
const TLS_CODES: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'HOSTNAME_MISMATCH',
]

/** The problem of an error that `pg`, the system or TLS threw while `where` was used. */
export function problemOf(error: unknown, where: string): CentralProblem {
  if (error instanceof CentralProblem) {
    return error
  }
  if (error instanceof DatabaseError) {
    return ofServer(error, where)
  }
  const { code, message } = partsOf(error)
  if (TLS_CODES.includes(code) || /^ERR_(TLS|SSL|OSSL)/.test(code)) {
    const advice = 'set sslrootcert in CALL_LOG_SINK to the certificate that signed it, and use the host name in it'
    return new CentralProblem('tls', `the certificate of ${where} is not accepted (${code}): ${advice}`)
  }
  if (/does not support SSL|establishing an SSL/.test(message)) {
    return new CentralProblem('tls', `${where} serves no TLS: set it up there, or remove sslmode from CALL_LOG_SINK`)
  }
  if (/^timeout expired|^Query read timeout/.test(message)) {
    return new CentralProblem('unreachable', `${where} does not answer: check host, port and firewall`)
  }
  if (code !== '' || /Connection terminated|Client was closed|not queryable/.test(message)) {
    return new CentralProblem('unreachable', `${where} cannot be reached (${code || 'the connection broke'})`)
  }
  return /SASL|password|SCRAM/i.test(message)
    ? new CentralProblem('unauthorized', `${where} wants a password: set CALL_LOG_SINK_PASSWORD_FILE`)
    : new CentralProblem('other', `${where}: ${message}`)
}

/** Whether the server refuses what a row contains, rather than the work. */
export function refusesContent(error: unknown): error is DatabaseError {
  const code = error instanceof DatabaseError ? (error.code ?? '') : ''
  return ['22', '23', '54'].includes(code.slice(0, 2)) && !isPartitionNew(error)
}

// The row was on its way into the default partition while one for its day was attached: the next attempt finds that one.
function isPartitionNew(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23514' && error.constraint === undefined
}

/** What the server refuses about a row, without its values. */
export function refusalText({ code, column, constraint, message }: DatabaseError): string {
  const names = [column, constraint].filter((name) => name !== undefined)
  return [code, ...names, message.replace(/"[^"]*"|'[^']*'/g, '…').replace(/: .*$/s, '')].join(' ')
}

function ofServer(error: DatabaseError, where: string): CentralProblem {
  const code = error.code ?? ''
  if (isPartitionNew(error)) {
    return new CentralProblem('status', `${where} has a new partition since this began: it is tried again`)
  }
  const [reason, advice] = BY_CODE[code] ?? BY_CLASS[code.slice(0, 2)] ?? ['other', () => `${where} reports an error`]
  return new CentralProblem(reason, `${advice(where)} (${code})`)
}

function partsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) {
    return { code: '', message: String(error) }
  }
  // Of several addresses that were tried, each has an error of its own.
  const [first] = error instanceof AggregateError ? error.errors : [error]
  const code = typeof first === 'object' && first !== null && 'code' in first ? String(first.code) : ''
  return { code, message: error.message }
}
