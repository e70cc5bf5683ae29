// Every setting, declared once: name, default, meaning and allowed values.
//
// `Config`, `--help`, `--check-config` and the table of README.md follow from this list; a new setting is a new entry. The key
// of a group and of an entry is the place of the value in `Config`: `HTTP_PORT` is `config.http.port`.

import { z } from 'zod'
import { CONTROL } from './control.ts'
import { FLEET } from './fleet.ts'
import { lines } from './lines.ts'
import {
  bearerToken,
  channelsByTrunk,
  countryCode,
  firstLine,
  flag,
  hostNames,
  httpUrl,
  linkTemplate,
  optionalPath,
  pemCertificates,
  timeSpan,
  trunkGlobs,
  wholeNumber,
} from './shapes.ts'
import { SHIPPING } from './shipping.ts'

export interface Setting {
  /** The environment variable. */
  readonly name: string
  /** As it is written in the environment. Without a default, the shape gets the empty text if the setting is not set. */
  readonly default?: string
  /** In Markdown. */
  readonly description: string
  readonly shape: z.ZodType<unknown, string>
  /** The setting names a file, and `shape` is that of the file's content; null if not set. */
  readonly isFile?: true
  /** The value, or the content of the file, is never shown. */
  readonly isSecret?: true
}

/** The environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const SETTINGS = {
  ari: {
    url: {
      name: 'ARI_URL',
      default: 'http://127.0.0.1:8088',
      description: 'address of Asterisk’s HTTP server',
      shape: httpUrl,
    },
    user: {
      name: 'ARI_USER',
      description: 'user in ari.conf; required',
      shape: z.string().min(1, 'the name of a user in Asterisk’s ari.conf'),
    },
    password: {
      name: 'ARI_PASSWORD',
      description: 'password of that user; this or ARI_PASSWORD_FILE is required',
      shape: z.string(),
      isSecret: true,
    },
    passwordInFile: {
      name: 'ARI_PASSWORD_FILE',
      description: 'file whose first line is the password',
      shape: firstLine,
      isFile: true,
      isSecret: true,
    },
    ca: {
      name: 'ARI_CA_FILE',
      description:
        'PEM file with the certificate that Asterisk uses for HTTPS, or with its CA’s; needed unless a public CA signed it',
      shape: pemCertificates,
      isFile: true,
    },
    app: {
      name: 'ARI_APP',
      default: 'asterisk-ari-exporter',
      description: 'name of the ARI application; a channel that enters it is sent back to the dialplan',
      shape: z.string().regex(/^[\w.@-]{1,80}$/, 'letters, digits, dots, dashes or underscores, at most 80'),
    },
    takeover: {
      name: 'ARI_APP_TAKEOVER',
      default: 'false',
      description: 'take the application name over if another program uses it',
      shape: flag,
    },
    detail: {
      name: 'ARI_EVENTS',
      default: 'full',
      description:
        '`full`, or `lean`: a third of the traffic, without queues, voicemail, voice quality, recordings and numbers that could not be dialed',
      shape: z.enum(['full', 'lean']),
    },
    queueBytes: {
      name: 'ARI_QUEUE_MB',
      default: '256',
      description:
        'most memory, in MB, for events that have arrived and wait because the program or the machine is too slow; more end the connection, and the next one waits until they are handled',
      shape: wholeNumber(1, 65_536).transform((megabytes) => megabytes * 1_000_000),
    },
    questionsPerSecond: {
      name: 'ARI_QUESTIONS_PER_SECOND',
      default: '5',
      description:
        'most read-only questions a second to Asterisk, about queue members, live calls and endpoints; fewer while it answers slowly; 0 asks none',
      shape: wholeNumber(0, 50),
    },
  },
  callLog: {
    path: {
      name: 'DB_PATH',
      default: './callcenter.db',
      description: 'file of the call log (SQLite)',
      shape: z.string().min(1, 'the path of a file'),
    },
    retentionDays: {
      name: 'CALL_LOG_RETENTION_DAYS',
      default: '0',
      description: 'delete ended calls older than this many days; 0 keeps them',
      shape: wholeNumber(0, 36_500),
    },
  },
  shipping: SHIPPING,
  calls: {
    trunks: {
      name: 'TRUNKS',
      default: 'auto',
      description:
        'endpoints that are trunks, as globs separated by commas; `auto` finds them in Asterisk’s configuration',
      shape: trunkGlobs,
    },
    trunkChannels: {
      name: 'TRUNK_CHANNELS',
      description: 'how many calls at a time each trunk can carry, such as `trunk-a=30,trunk-b=10`',
      shape: channelsByTrunk,
    },
    lines: {
      name: 'LINES',
      description:
        'names of the numbers that are called from outside, as `5550101=Sales,55502*=Support`: a number as Asterisk gets it from the trunk, or a glob, and the name under which its calls are counted; several numbers may have one name',
      shape: lines,
    },
    maskNumbers: {
      name: 'MASK_NUMBERS',
      default: 'false',
      description:
        'keep only the last three digits of numbers longer than an extension, and no names, of callers or of recordings, in the call log and everywhere else',
      shape: flag,
    },
    labelLimit: {
      name: 'LABEL_LIMIT',
      default: '100',
      description: 'most values that a metric label without a fixed list may have; further ones are counted as `other`',
      shape: wholeNumber(1, 1000),
    },
    phoneLabelLimit: {
      name: 'LABEL_LIMIT_PHONES',
      default: '1000',
      description: 'the same for the labels `operator` and `endpoint`, whose values are phones (and trunks)',
      shape: wholeNumber(1, 10_000),
    },
  },
  callback: {
    country: {
      name: 'COUNTRY',
      description:
        'two-letter code of the country whose numbers are written without a country code, such as `FI`; if not set, two numbers are the same when their last nine digits are, and only numbers dialed with + or 00 are classed by destination',
      shape: countryCode,
    },
    windowMs: {
      name: 'CALLBACK_WINDOW',
      default: '72h',
      description:
        'how long after the last missed call a caller waits to be called back, in minutes, hours or days: `90m`, `72h`, `3d`',
      shape: timeSpan(60_000, 31_536_000_000, 'a time from 1m to 365d, such as 90m, 72h or 3d'),
    },
  },
  http: {
    host: {
      name: 'HTTP_HOST',
      default: '127.0.0.1',
      description: 'address to listen on; `0.0.0.0` for all',
      shape: z.string().min(1, 'an address of this machine, or 0.0.0.0'),
    },
    port: {
      name: 'HTTP_PORT',
      default: '9745',
      description: 'port of the page, the API and /metrics',
      shape: wholeNumber(1, 65_535),
    },
    webConfigFile: {
      name: 'WEB_CONFIG_FILE',
      description:
        'file with TLS, headers and users, in the format of Prometheus exporters; if not set, plain HTTP without passwords',
      shape: optionalPath,
    },
    token: {
      name: 'HTTP_BEARER_TOKEN_FILE',
      description: 'file with a bearer token, which is accepted like a password',
      shape: bearerToken,
      isFile: true,
      isSecret: true,
    },
    metricsWithoutAuth: {
      name: 'HTTP_METRICS_WITHOUT_AUTH',
      default: 'false',
      description: 'serve /metrics without a password or token even if everything else needs one',
      shape: flag,
    },
    allowedHosts: {
      name: 'HTTP_ALLOWED_HOSTS',
      description:
        'host names that requests may use, such as `pbx.example.org`, separated by commas; localhost and IP addresses are always allowed',
      shape: hostNames,
    },
  },
  control: CONTROL,
  fleet: FLEET,
  links: {
    sipTrace: {
      name: 'SIP_TRACE_URL',
      description:
        'address of the SIP trace of a call or leg, which the page and the API then link to: `{call_id}` is the SIP Call-ID, `{start}` the start in ISO 8601, both percent-encoded',
      shape: linkTemplate({ needed: ['{call_id}'], others: ['{start}'] }),
    },
    recording: {
      name: 'RECORDING_URL',
      description:
        'address of the recording of a call, likewise: `{file}` is the name of the file, `{path}` the file with its folders, `{start}` as above',
      shape: linkTemplate({ needed: ['{file}', '{path}'], others: ['{start}'] }),
    },
  },
  log: {
    level: {
      name: 'LOG_LEVEL',
      default: 'info',
      description: `the least severe level to log: ${LEVELS.map((level) => `\`${level}\``).join(' ')}`,
      shape: z.enum(LEVELS),
    },
    format: {
      name: 'LOG_FORMAT',
      default: 'auto',
      description: '`pretty`, `json`, or `auto`: pretty on a terminal',
      shape: z.enum(['auto', 'pretty', 'json']),
    },
    maskNumbers: {
      name: 'LOG_MASK_NUMBERS',
      default: 'false',
      description: 'like MASK_NUMBERS, but only in the log',
      shape: flag,
    },
  },
  process: {
    stopTimeoutMs: {
      name: 'STOP_TIMEOUT',
      default: '8',
      description:
        'seconds that a stop may take; a little less than systemd or Docker allows before it kills the program',
      shape: wholeNumber(1, 3_600).transform((seconds) => seconds * 1000),
    },
  },
} as const satisfies SettingGroups

/** The settings of each group, in the order of `--help` and the README. */
export const SETTING_GROUPS: readonly (readonly Setting[])[] = Object.values(SETTINGS).map((group) =>
  Object.values(group),
)

/** All of them. */
export const SETTING_LIST: readonly Setting[] = SETTING_GROUPS.flat()

type ValueOf<S extends Setting> = z.output<S['shape']> | (S extends { readonly isFile: true } ? null : never)

/** Some of the settings, or all, by group and key. */
export type SettingGroups = Readonly<Record<string, Readonly<Record<string, Setting>>>>

/** The value of each of these settings. */
export type ValuesOf<Groups extends SettingGroups> = {
  readonly [Group in keyof Groups]: {
    readonly [Key in keyof Groups[Group]]: Groups[Group][Key] extends infer S extends Setting ? ValueOf<S> : never
  }
}

/** The value of each setting, by group and key. */
export type SettingValues = ValuesOf<typeof SETTINGS>
