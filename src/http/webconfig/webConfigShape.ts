// The schema of a web configuration file, and the message for everything that does not match it.
//
// The format is that of Prometheus' exporter-toolkit (docs/web-configuration.md). Every scalar arrives as text. No message
// repeats a value: a hash, a key or a password may be in the wrong place.

import { z } from 'zod'
import { http } from '../../process/http.ts'
import { CURVE_NAMES, SUITE_NAMES } from './cipherSuites.ts'
import { CLIENT_AUTH_TYPES } from './tls.ts'

// A section without keys, such as `tls_server_config:` alone, counts as absent.
const section = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), type.optional())

const MAPPING = { error: 'give keys and values below it' }

const fileName = z
  .string({ error: 'give the name of a file' })
  .regex(/^[^\r\n\0]+$/, 'give the name of a file, not its content')
  .optional()

const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, { error: `give one of ${values.join(', ')}` })

const listOf = (values: readonly string[]) =>
  z.array(
    z.string().refine((value) => values.includes(value), { error: `give one of ${values.join(', ')}` }),
    { error: `give a list of any of ${values.join(', ')}` },
  )

const bool = oneOf('true', 'false')

const unsupported = (remedy: string) => z.undefined({ error: `is not supported here: ${remedy}` }).optional()

const version = z.enum(['TLS12', 'TLS13'], { error: 'give TLS12 or TLS13: older versions are not supported' })

const TLS = z.strictObject(
  {
    cert_file: fileName,
    key_file: fileName,
    client_auth_type: oneOf(...CLIENT_AUTH_TYPES).optional(),
    client_ca_file: fileName,
    min_version: version.optional(),
    max_version: version.optional(),
    cipher_suites: section(listOf(SUITE_NAMES)),
    curve_preferences: section(listOf(CURVE_NAMES)),
    prefer_server_cipher_suites: bool.optional(),
    cert: unsupported('put the certificate into a file and name it in cert_file'),
    key: unsupported('put the key into a file and name it in key_file'),
    client_ca: unsupported('put the CA into a file and name it in client_ca_file'),
    client_allowed_sans: unsupported('remove it; let client_ca_file be a CA that signs only the clients you allow'),
  },
  MAPPING,
)

const headerText = z.string({ error: 'give the header’s value as text' }).refine(isHeaderValue, {
  error: 'give one line without control characters',
})

const HEADERS = z.strictObject(
  {
    'Content-Security-Policy': headerText.optional(),
    'X-Frame-Options': oneOf('deny', 'sameorigin').optional(),
    'X-Content-Type-Options': oneOf('nosniff').optional(),
    'X-XSS-Protection': headerText.optional(),
    'Strict-Transport-Security': headerText.optional(),
  },
  MAPPING,
)

const HTTP = z.strictObject(
  {
    http2: z
      .literal('false', { error: 'is not supported here: remove it or give false; the server uses HTTP/1.1' })
      .optional(),
    headers: section(HEADERS),
  },
  MAPPING,
)

// With a cost above 16, one check takes many seconds.
const BCRYPT = /^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$/

// Not z.record(): it drops a key such as `__proto__`, and if the only user is dropped, no password is required.
const USERS = z.unknown().transform((value, context): ReadonlyMap<string, string> => {
  const users = new Map<string, string>()
  const problem = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path })
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problem(MAPPING.error)
  } else {
    for (const [name, hash] of Object.entries(value)) {
      if (name.includes(':')) {
        problem('a browser cannot send a user name with a colon: choose another', [name])
      }
      if (typeof hash === 'string' && BCRYPT.test(hash)) {
        users.set(name, hash)
      } else {
        problem('give a bcrypt hash with a cost from 4 to 16, such as `htpasswd -nBC 10 NAME` prints', [name])
      }
    }
  }
  return users
})

/** The schema of the whole file. */
export const WEB_CONFIG_SHAPE = z.strictObject(
  {
    tls_server_config: section(TLS),
    http_server_config: section(HTTP),
    basic_auth_users: section(USERS),
    rate_limit: unsupported('remove it; a proxy in front can limit requests'),
  },
  MAPPING,
)

/** The validated file and its TLS section. */
export type TlsSection = z.output<typeof TLS>
export type WebConfigFile = z.output<typeof WEB_CONFIG_SHAPE>

/** Every problem that the schema found, as `key.path: what to do`. */
export function shapeProblems(error: z.ZodError): readonly string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [`${pathText(issue.path)}: ${issue.message}`]
    }
    const known = KEYS[issue.path.join('.')] ?? []
    return issue.keys.map(
      (key) => `${pathText([...issue.path, key])}: unknown key: remove it; known keys are ${known.join(', ')}`,
    )
  })
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['tls_server_config', 'http_server_config', 'basic_auth_users'],
  tls_server_config: Object.entries(TLS.shape).flatMap(([key, type]) => (isSupported(type) ? key : [])),
  http_server_config: Object.keys(HTTP.shape),
  'http_server_config.headers': Object.keys(HEADERS.shape),
}

function isSupported(type: z.ZodType): boolean {
  return !(type instanceof z.ZodOptional && type.unwrap() instanceof z.ZodUndefined)
}

function pathText(path: readonly PropertyKey[]): string {
  // A key with unusual characters may be a secret in the wrong place.
  const shown = path.map((key) => (/^[\w .@:-]{1,64}$/.test(String(key)) ? String(key) : '(hidden)'))
  return shown.length === 0 ? 'the whole file' : shown.join('.')
}

function isHeaderValue(text: string): boolean {
  try {
    http.validateHeaderValue('x', text)
    return true
  } catch {
    return false
  }
}
