// Reads the address of a PostgreSQL database, for the check of the settings and for whoever connects. Loads nothing: threads use it.

/** Without the parameter: `disable`. There is none that falls back to a connection without TLS. */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const

export type SslMode = (typeof SSL_MODES)[number]

/** Others are refused: a misspelt one would leave out what it was for. */
const PARAMETERS: readonly string[] = [
  'user',
  'host',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'application_name',
]

const ADDRESS_WANTED =
  'the address of a PostgreSQL database without a password, such as postgres://exporter@db.example.org/calls?sslmode=verify-full; the password goes into the file that CALL_LOG_SINK_PASSWORD_FILE names'

const PARAMETERS_WANTED = `an address with no other parameters than ${PARAMETERS.join(', ')}, and sslmode one of ${SSL_MODES.join(', ')}`

/** What the URL says. `parameters` are all that it has. */
export interface PostgresUrl {
  readonly user: string
  /** A name, an address, or the folder of a socket. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly sslMode: SslMode
  readonly parameters: URLSearchParams
}

/** The parts of the URL; if it is wrong, what is wanted instead, for a sentence that ends with it. */
export function readPostgresUrl(text: string): PostgresUrl | { readonly wanted: string } {
  const url = URL.parse(text)
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    return { wanted: ADDRESS_WANTED }
  }
  const { searchParams: parameters } = url
  const user = parameters.get('user') ?? decoded(url.username)
  const host = parameters.get('host') ?? decoded(url.hostname)
  const database = decoded(url.pathname.slice(1))
  if (url.password !== '' || parameters.has('password') || !user || !host || !database) {
    return { wanted: ADDRESS_WANTED }
  }
  const mode = parameters.get('sslmode') ?? 'disable'
  const sslMode = SSL_MODES.find((known) => known === mode)
  if (sslMode === undefined || [...parameters.keys()].some((name) => !PARAMETERS.includes(name))) {
    return { wanted: PARAMETERS_WANTED }
  }
  const problem = tlsProblem(sslMode, parameters)
  return problem === null
    ? { user, host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || '5432'), database, sslMode, parameters }
    : { wanted: `an address with sslmode=verify-full: ${problem}` }
}

/** Null if its percent signs are wrong. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

/** Why `sslmode=verify-full` is needed, where TLS or a check would otherwise be left out silently; null if it is not. */
function tlsProblem(mode: SslMode, parameters: URLSearchParams): string | null {
  const used = ['sslrootcert', 'sslcert', 'sslkey'].find((name) => parameters.has(name))
  if (mode === 'disable' && used !== undefined) {
    return `${used} is of no use without TLS`
  }
  return parameters.get('sslrootcert') === 'system' && mode !== 'verify-full'
    ? 'without it, whoever has a certificate of a public CA would be taken for the server'
    : null
}
