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

/** Why `sslmode=verify-full` is needed, where TLS or a check would otherwise be left out silently; null if it is not. */
export function tlsProblem(parameters: URLSearchParams): string | null {
  const mode = parameters.get('sslmode') ?? 'disable'
  const used = ['sslrootcert', 'sslcert', 'sslkey'].find((name) => parameters.has(name))
  if (mode === 'disable' && used !== undefined) {
    return `${used} is of no use without TLS`
  }
  return parameters.get('sslrootcert') === 'system' && mode !== 'verify-full'
    ? 'without it, whoever has a certificate of a public CA would be taken for the server'
    : null
}
