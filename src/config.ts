// The environment -> one frozen Config, or every problem at once, each with what to do about it.
//
// Reads nothing itself: the environment and the reading of secret files are handed in. Secrets are in the Config and
// in nothing that is printed. The table of settings in the README is checked against SETTINGS.

import { z } from 'zod'
import { hostName } from './http/auth/allowedHosts.ts'
import { readBearerToken } from './http/auth/bearerToken.ts'
import { OPEN_WEB, readWebConfig, type WebConfig } from './http/webconfig/webConfig.ts'
import { LEVELS, SETTINGS } from './settings/settings.ts'

export interface Config {
  readonly ari: {
    readonly url: string
    readonly user: string
    readonly password: string
    /** Certificates that are trusted besides the usual ones, PEM; null: none. */
    readonly ca: string | null
    readonly app: string
    readonly takeover: boolean
    readonly detail: 'full' | 'lean'
  }
  readonly callLog: { readonly path: string; readonly retentionDays: number }
  /** How long a stop may take in all. */
  readonly stopTimeoutMs: number
  readonly http: {
    readonly host: string
    readonly port: number
    readonly web: WebConfig
    /** Null: no bearer token. */
    readonly token: string | null
    /** The metrics ask for no credentials though the rest does. */
    readonly metricsWithoutAuth: boolean
    /** Names that it answers to beside localhost and addresses, in lower case. */
    readonly allowedHosts: readonly string[]
  }
  readonly log: {
    readonly level: (typeof LEVELS)[number]
    readonly format: 'auto' | 'pretty' | 'json'
    readonly maskNumbers: boolean
  }
  /** Globs; empty: endpoints whose name is not all digits are trunks. */
  readonly trunks: readonly string[]
  readonly labelLimit: number
  /** Full numbers reach neither the call log nor the log. */
  readonly maskNumbers: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] }

/** `readFile` gives the text of a secret's file, or throws; its error is told without the file's content. */
export function readConfig(environment: Environment, readFile: (path: string) => string): ConfigResult {
  const given = Object.fromEntries(
    SETTINGS.map(({ name, fallback }) => [name, settingOf(environment, name) ?? fallback]),
  )
  const password = passwordOf(environment, readFile)
  const doors = doorsOf(environment, readFile)
  const ca = certificatesOf(environment, readFile)
  const parsed = SHAPE.safeParse(given)
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => problemOf(issue, given)),
    ...password.problems,
    ...ca.problems,
    ...doors.problems,
  ]
  if (!parsed.success || problems.length > 0) {
    return { ok: false, problems }
  }
  return { ok: true, config: configOf(parsed.data, { password: password.value, ca: ca.value, doors: doors.value }) }
}

/** Where the call log is, for what needs no more than that. */
export function callLogPath(environment: Environment): string {
  const fallback = SETTINGS.find(({ name }) => name === 'DB_PATH')?.fallback ?? ''
  return settingOf(environment, 'DB_PATH') ?? fallback
}

/** The configuration for people to read: every setting with its value, secrets as `(set)`. */
export function describeConfig(environment: Environment): readonly string[] {
  return SETTINGS.map(({ name, fallback, secret }) => {
    const value = settingOf(environment, name)
    const shown = value === undefined ? `${fallback || '(not set)'}${fallback ? ' (default)' : ''}` : value
    return `${name}=${secret && value !== undefined ? '(set)' : withoutCredentials(shown)}`
  })
}

const flag = z.enum(['true', 'false', '1', '0', 'yes', 'no']).transform((text) => ['true', '1', 'yes'].includes(text))

const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/, `a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `a whole number from ${from} to ${to}`)

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

const SHAPE = z.object({
  ARI_URL: z
    .string()
    .refine(isHttpUrl, 'the address of Asterisk’s HTTP server without credentials, such as http://127.0.0.1:8088'),
  ARI_USER: z.string().min(1, 'the name of a user in Asterisk’s ari.conf'),
  ARI_APP: z.string().regex(/^[\w.@-]{1,80}$/, 'letters, digits, dot, dash or underscore, at most 80'),
  ARI_APP_TAKEOVER: flag,
  ARI_EVENTS: z.enum(['full', 'lean']),
  DB_PATH: z.string().min(1, 'the path of a file'),
  CALL_LOG_RETENTION_DAYS: whole(0, 36_500),
  STOP_TIMEOUT: whole(1, 3_600),
  HTTP_HOST: z.string().min(1, 'an address of this machine, or 0.0.0.0'),
  HTTP_PORT: whole(1, 65_535),
  HTTP_METRICS_WITHOUT_AUTH: flag,
  HTTP_ALLOWED_HOSTS: list.transform((names, { addIssue }) =>
    names.map((name) => {
      const host = hostName(name)
      if (host === null) {
        addIssue('host names without scheme and port, with commas between')
      }
      return host ?? name
    }),
  ),
  LOG_LEVEL: z.enum(LEVELS),
  LOG_FORMAT: z.enum(['auto', 'pretty', 'json']),
  MASK_NUMBERS: flag,
  LOG_MASK_NUMBERS: flag,
  TRUNKS: list,
  LABEL_LIMIT: whole(1, 1000),
})

interface FromFiles {
  readonly password: string
  readonly ca: string | null
  readonly doors: Doors
}

function configOf(values: z.output<typeof SHAPE>, { password, ca, doors }: FromFiles): Config {
  return Object.freeze({
    ari: Object.freeze({
      url: values.ARI_URL,
      user: values.ARI_USER,
      password,
      ca,
      app: values.ARI_APP,
      takeover: values.ARI_APP_TAKEOVER,
      detail: values.ARI_EVENTS,
    }),
    callLog: Object.freeze({ path: values.DB_PATH, retentionDays: values.CALL_LOG_RETENTION_DAYS }),
    stopTimeoutMs: values.STOP_TIMEOUT * 1000,
    http: Object.freeze({
      host: values.HTTP_HOST,
      port: values.HTTP_PORT,
      metricsWithoutAuth: values.HTTP_METRICS_WITHOUT_AUTH,
      allowedHosts: Object.freeze(values.HTTP_ALLOWED_HOSTS),
      ...doors,
    }),
    log: Object.freeze({ level: values.LOG_LEVEL, format: values.LOG_FORMAT, maskNumbers: values.LOG_MASK_NUMBERS }),
    trunks: Object.freeze(values.TRUNKS),
    maskNumbers: values.MASK_NUMBERS,
    labelLimit: values.LABEL_LIMIT,
  })
}

// Set to nothing counts as not set: that is what an empty line in a .env file means.
function settingOf(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}

interface Password {
  readonly value: string
  readonly problems: readonly string[]
}

function passwordOf(environment: Environment, readFile: (path: string) => string): Password {
  const inline = environment['ARI_PASSWORD']
  const path = settingOf(environment, 'ARI_PASSWORD_FILE')
  const problem = (text: string) => ({ value: '', problems: [text] })
  if (inline && path) {
    return problem('ARI_PASSWORD and ARI_PASSWORD_FILE are both set: keep one of them')
  }
  if (inline) {
    return { value: inline, problems: [] }
  }
  if (path === undefined) {
    return problem(
      'ARI_PASSWORD is not set: give the password of the ARI user, here or in a file named by ARI_PASSWORD_FILE',
    )
  }
  try {
    const [line = ''] = readFile(path).split(/\r?\n/)
    return line === ''
      ? problem(`ARI_PASSWORD_FILE names "${path}", whose first line is empty`)
      : { value: line, problems: [] }
  } catch {
    return problem(`ARI_PASSWORD_FILE names "${path}", which cannot be read: check the path and who may read it`)
  }
}

function certificatesOf(
  environment: Environment,
  readFile: (path: string) => string,
): { readonly value: string | null; readonly problems: readonly string[] } {
  const path = settingOf(environment, 'ARI_CA_FILE')
  if (path === undefined) {
    return { value: null, problems: [] }
  }
  try {
    const value = readFile(path)
    if (value.includes('-----BEGIN CERTIFICATE-----')) {
      return { value, problems: [] }
    }
    return { value: null, problems: [`ARI_CA_FILE names "${path}", which holds no certificate in PEM`] }
  } catch {
    const problem = `ARI_CA_FILE names "${path}", which cannot be read: check the path and who may read it`
    return { value: null, problems: [problem] }
  }
}

type Doors = Pick<Config['http'], 'web' | 'token'>

function doorsOf(
  environment: Environment,
  readFile: (path: string) => string,
): { readonly value: Doors; readonly problems: readonly string[] } {
  const webPath = settingOf(environment, 'WEB_CONFIG_FILE')
  const tokenPath = settingOf(environment, 'HTTP_BEARER_TOKEN_FILE')
  const web = webPath === undefined ? ({ ok: true, web: OPEN_WEB } as const) : readWebConfig(webPath, readFile)
  const token = tokenPath === undefined ? ({ ok: true, token: null } as const) : readBearerToken(tokenPath, readFile)
  return {
    value: { web: web.ok ? web.web : OPEN_WEB, token: token.ok ? token.token : null },
    problems: [
      ...(web.ok ? [] : web.problems.map((problem) => `WEB_CONFIG_FILE "${webPath}", ${problem}`)),
      ...(token.ok ? [] : [`HTTP_BEARER_TOKEN_FILE ${token.problem}`]),
    ],
  }
}

function problemOf(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0])
  const wanted = issue.code === 'invalid_value' ? `one of: ${issue.values.join(', ')}` : issue.message
  const got = given[name] ?? ''
  return got === '' ? `${name} is not set: give ${wanted}` : `${name} is "${withoutCredentials(got)}": give ${wanted}`
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) {
    return false
  }
  const { protocol, username, password } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

// Somebody may have put the password where it does not belong; it is not repeated.
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//(hidden)@')
}
