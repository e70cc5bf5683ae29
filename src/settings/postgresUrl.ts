// What the address of a PostgreSQL database may have, for the check of the settings and for whoever connects. Loads nothing: threads use it.

/** Without the parameter: `disable`. There is none that falls back to a connection without TLS. */
export const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const

export type SslMode = (typeof SSL_MODES)[number]

/** Others are refused: a misspelt one would leave out what it was for. */
export const POSTGRES_PARAMETERS: readonly string[] = [
  'user',
  'host',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'application_name',
]

/** What of TLS would be left out silently, as a sentence; null if nothing. */
export function tlsProblem(parameters: URLSearchParams): string | null {
  const mode = parameters.get('sslmode') ?? 'disable'
  const used = ['sslrootcert', 'sslcert', 'sslkey'].find((name) => parameters.has(name))
  if (mode === 'disable' && used !== undefined) {
    return `${used} is of no use without TLS: set sslmode=verify-full too`
  }
  // Whoever has a certificate of a public CA would be believed to be the server.
  return parameters.get('sslrootcert') === 'system' && mode !== 'verify-full'
    ? 'sslrootcert=system needs sslmode=verify-full'
    : null
}
