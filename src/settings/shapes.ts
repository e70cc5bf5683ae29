// What the text of a setting may be, and the value that it becomes. A message completes the sentence "NAME is "text": give …",
// or, for a file's content, "NAME names "path", …".
//
// Source of the token's alphabet: RFC 6750, b64token.

import { z } from 'zod'
import { readPostgresUrl } from './postgresUrl.ts'

export const flag = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'])
  .transform((text) => ['true', '1', 'yes'].includes(text))

/** How to say that trunks are found. */
const AUTO = 'auto'

/** Globs of trunks; empty if they are to be found. */
export const trunkGlobs = z.string().transform((text, { addIssue }): readonly string[] => {
  const globs = itemsOf(text)
  if (globs.includes(AUTO) && globs.length > 1) {
    addIssue(`${AUTO} alone, or the names of all trunks without it`)
  }
  return Object.freeze(globs.filter((glob) => glob !== AUTO))
})

/** How many calls at a time a trunk can carry. */
export interface TrunkChannels {
  readonly trunk: string
  readonly channels: number
}

const CHANNELS_WANTED = 'each trunk once with its number of channels, from 1 to 100000, such as trunk-a=30,trunk-b=10'

/** Trunks and their channels; empty if not set. */
export const channelsByTrunk = z.string().transform((text, { addIssue }): readonly TrunkChannels[] => {
  const items = itemsOf(text).map((item) => /^(.+?)\s*=\s*(\d{1,6})$/.exec(item))
  const found = items.map((match) => Object.freeze({ trunk: match?.[1] ?? '', channels: Number(match?.[2]) }))
  const isWrong = found.some(({ channels }) => !(channels >= 1 && channels <= 100_000))
  if (isWrong || new Set(found.map(({ trunk }) => trunk)).size < found.length) {
    addIssue(CHANNELS_WANTED)
  }
  return Object.freeze(found)
})

/** Host names as browsers send them; empty if not set. */
export const hostNames = z.string().transform((text, { addIssue }): readonly string[] => {
  const names = itemsOf(text).map(hostName)
  if (names.includes(null)) {
    addIssue('host names without scheme and port, separated by commas')
  }
  return Object.freeze(names.filter((name) => name !== null))
})

/** Null if not set. */
export const optionalPath = z.string().transform((text) => (text === '' ? null : text))

export const httpUrl = z
  .string()
  .refine(isHttpUrl, 'the address of Asterisk’s HTTP server without credentials, such as http://127.0.0.1:8088')

const NODES_WANTED =
  'the addresses of exporters, each once, with commas between and without credentials, such as https://pbx1.example.org:9745,https://pbx2.example.org:9745'

/** Addresses of exporters, without a slash at the end; empty if not set. */
export const nodeUrls = z.string().transform((text, { addIssue }): readonly string[] => {
  const urls = itemsOf(text).map((item) => (isHttpUrl(item) && !/[?#]/.test(item) ? new URL(item).href : null))
  if (urls.includes(null) || new Set(urls).size < urls.length) {
    addIssue(NODES_WANTED)
  }
  return Object.freeze(urls.flatMap((url) => (url === null ? [] : [url.replace(/\/$/, '')])))
})

/** Placeholders of a link, of which one of `needed` has to be there. */
interface Placeholders {
  readonly needed: readonly string[]
  readonly others: readonly string[]
}

// The values come from callers: they may not choose the host.
const LINK_START = /^https?:\/\/[^/?#\\{}@\s]+[/?#]/i

/** A web address with placeholders such as {file}; null if not set. */
export function linkTemplate({ needed, others }: Placeholders) {
  const known = [...needed, ...others]
  return z.string().transform((text, { addIssue }) => {
    const unknown = (text.match(/\{[^{}]*\}|[{}]/g) ?? []).filter((found) => !known.includes(found))
    if (text === '') {
      return null
    }
    if (!LINK_START.test(text) || URL.parse(text) === null) {
      addIssue(
        `an http or https address without credentials, and without placeholders in the name of the host, such as https://www.example.org/?id=${needed[0]}`,
      )
    } else if (unknown.length > 0) {
      addIssue(`${known.join(' or ')} instead of ${unknown.join(' ')}; a brace that is none of these is %7B or %7D`)
    } else if (!needed.some((placeholder) => text.includes(placeholder))) {
      addIssue(`an address with ${needed.join(' or ')}`)
    }
    return text
  })
}

export function wholeNumber(from: number, to: number) {
  const message = `a whole number from ${from} to ${to}`
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .refine((value) => value >= from && value <= to, message)
}

/** The first line of a file. */
export const firstLine = z
  .string()
  .transform((text) => text.split(/\r?\n/)[0] ?? '')
  .refine((line) => line !== '', 'whose first line is empty')

/** What a country has to be given as. */
export const COUNTRY_WANTED = 'the two-letter code of a country (ISO 3166), such as FI'

/** The code of a country, in capitals; null if not set. Whether there is such a country is not known here. */
export const countryCode = z
  .string()
  .regex(/^([a-z]{2})?$/i, COUNTRY_WANTED)
  .transform((text) => (text === '' ? null : text.toUpperCase()))

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time such as 72h, in ms. */
export function timeSpan(fromMs: number, toMs: number, wanted: string) {
  return z
    .string()
    .regex(/^\d{1,9}[mhd]$/, wanted)
    .transform((text) => Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? 0))
    .refine((ms) => ms >= fromMs && ms <= toMs, wanted)
}

/** A file of certificates. */
export const pemCertificates = z
  .string()
  .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'), 'which contains no certificate in PEM format')

const SECRET_REMEDY = 'make one with `openssl rand -hex 32`'
const REMEDY = 'make a token with `openssl rand -hex 32`'

/** A file with a secret that two programs share; white space around it is ignored. */
export const sharedSecret = z
  .string()
  .trim()
  .min(16, `whose secret is shorter than 16 characters: ${SECRET_REMEDY}`)
  .regex(/^.*$/, `whose secret has several lines: ${SECRET_REMEDY}`)

/** A file that contains one bearer token; white space around it is ignored. */
export const bearerToken = z
  .string()
  .trim()
  .min(1, `which is empty: ${REMEDY}`)
  .regex(/^\S*$/, 'whose token contains white space: put only the token into the file')
  .regex(/^[\w.~+/-]+=*$/, `whose token contains characters that an HTTP header cannot carry: ${REMEDY}`)
  .min(16, `whose token is shorter than 16 characters: ${REMEDY}`)

/** Null if not set. */
export const siteName = z
  .string()
  .regex(/^([\p{L}\p{N}][\p{L}\p{N} ._-]{0,62})?$/u, 'letters, digits, spaces, dots, dashes or underscores, at most 63')
  .transform((text) => (text === '' ? null : text))

/** The address of a PostgreSQL database, with a user and without a password; null if not set. */
export const postgresUrl = z.string().transform((text, { addIssue }) => {
  if (text === '') {
    return null
  }
  const read = readPostgresUrl(text)
  if ('wanted' in read) {
    addIssue(read.wanted)
  }
  return text
})

/** The address of a receiver; null if not set. */
export const webhookUrl = z.string().transform((text, { addIssue }) => {
  const url = text.trim()
  if (url !== '' && !isHttpUrl(url)) {
    addIssue(
      'an http or https address without user and password, such as https://crm.example.org/calls; the receiver knows this program by the signature, see WEBHOOK_SECRET_FILE',
    )
  }
  return url === '' ? null : url
})

/** What can be posted. */
export const WEBHOOK_EVENTS = ['answered', 'missed', 'ended', 'missed_caller_opened', 'missed_caller_closed'] as const

/** At least one of them. */
export const webhookEvents = z.string().transform((text, { addIssue }) => {
  const items = itemsOf(text)
  const unknown = items.filter((item) => !WEBHOOK_EVENTS.some((event) => event === item))
  if (unknown.length > 0 || items.length === 0) {
    const instead = unknown.length > 0 ? ` instead of ${unknown.join(', ')}` : ''
    addIssue(`some of ${WEBHOOK_EVENTS.join(', ')}, separated by commas${instead}`)
  }
  return Object.freeze(WEBHOOK_EVENTS.filter((event) => items.includes(event)))
})

function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function hostName(text: string): string | null {
  const url = URL.parse(`http://${text}`)
  return url !== null && url.href === `http://${url.hostname}/` && !/[/:?#@]/.test(text) ? url.hostname : null
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === ''
  )
}
