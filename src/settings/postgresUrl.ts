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
