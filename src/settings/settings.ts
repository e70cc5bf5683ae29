// Every setting, once: from this list come the README's table, `--help`, and what the environment is searched for.
//
// What a value may be stands in config.ts.

/** One setting, as the README's table and `--help` show it. */
export interface Setting {
  readonly name: string
  /** Empty when the setting must be given, or has no value by default. */
  readonly fallback: string
  readonly meaning: string
  readonly secret?: true
}

export const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const SETTINGS: readonly Setting[] = [
  { name: 'ARI_URL', fallback: 'http://127.0.0.1:8088', meaning: 'where Asterisk serves HTTP' },
  { name: 'ARI_USER', fallback: '', meaning: 'user in ari.conf; required' },
  { name: 'ARI_PASSWORD', fallback: '', meaning: 'its password; this or ARI_PASSWORD_FILE is required', secret: true },
  { name: 'ARI_PASSWORD_FILE', fallback: '', meaning: 'a file whose first line is the password' },
  {
    name: 'ARI_CA_FILE',
    fallback: '',
    meaning:
      'a file with the certificate, or that of its CA, that Asterisk shows over HTTPS (PEM), if no public CA has signed it',
  },
  {
    name: 'ARI_APP',
    fallback: 'asterisk-ari-exporter',
    meaning: 'name of our application; a channel that enters it is handed straight back',
  },
  { name: 'ARI_APP_TAKEOVER', fallback: 'false', meaning: 'take the name over when another listener holds it' },
  {
    name: 'ARI_EVENTS',
    fallback: 'full',
    meaning:
      '`full`, or `lean`: a third of the traffic, without queues, voicemail, voice quality and numbers that could not be dialed',
  },
  { name: 'DB_PATH', fallback: './callcenter.db', meaning: 'the SQLite call log' },
  {
    name: 'CALL_LOG_RETENTION_DAYS',
    fallback: '0',
    meaning: 'delete ended calls older than this many days; 0 keeps them',
  },
  {
    name: 'STOP_TIMEOUT',
    fallback: '8',
    meaning: 'seconds that a stop may take to write what waits; a little less than whoever stops it grants',
  },
  { name: 'HTTP_HOST', fallback: '127.0.0.1', meaning: 'address to listen on; `0.0.0.0` for all' },
  { name: 'HTTP_PORT', fallback: '9745', meaning: 'port of /metrics and the page' },
  {
    name: 'WEB_CONFIG_FILE',
    fallback: '',
    meaning: 'TLS, headers and users with passwords, in the format of Prometheus’ exporters; unset: plain HTTP',
  },
  { name: 'HTTP_BEARER_TOKEN_FILE', fallback: '', meaning: 'a file with a token that lets in as a password does' },
  {
    name: 'HTTP_METRICS_WITHOUT_AUTH',
    fallback: 'false',
    meaning: '/metrics asks for no password or token though the rest does',
  },
  {
    name: 'HTTP_ALLOWED_HOSTS',
    fallback: '',
    meaning:
      'host names by which it is asked, with commas between, such as `pbx.example.org`; localhost and addresses always are',
  },
  { name: 'LOG_LEVEL', fallback: 'info', meaning: '`fatal` `error` `warn` `info` `debug` `trace` `silent`' },
  { name: 'LOG_FORMAT', fallback: 'auto', meaning: '`pretty`, `json`, or `auto`: pretty on a terminal' },
  {
    name: 'MASK_NUMBERS',
    fallback: 'false',
    meaning:
      'keep only the last three digits of numbers longer than an extension, and no names: in the call log and everywhere else',
  },
  { name: 'LOG_MASK_NUMBERS', fallback: 'false', meaning: 'the same in the log alone' },
  {
    name: 'TRUNKS',
    fallback: '',
    meaning: 'endpoints that are trunks, as globs with commas between; unset: all whose name is not only digits',
  },
  { name: 'LABEL_LIMIT', fallback: '100', meaning: 'values that each open metric label may have before `other`' },
]
