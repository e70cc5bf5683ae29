// The program's log: pino, pretty on a terminal, one JSON object a line everywhere else.
//
// What callers send (numbers, names) is text from strangers: `printable` takes out of it whatever could steer a
// terminal or turn a line around. Secrets are never passed to the log in the first place.

import { type DestinationStream, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export interface LogOptions {
  readonly level: string
  /** `pretty` for people, `json` for machines. */
  readonly format: 'pretty' | 'json'
}

/** Writes to `destination`, standard output unless another is given. */
export function createLog(options: LogOptions, destination?: DestinationStream): Logger {
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (options.format === 'json') return destination === undefined ? pino(settings) : pino(settings, destination)
  const stream = pretty({ translateTime: 'SYS:HH:MM:ss.l', singleLine: true, ...(destination && { destination }) })
  return pino(settings, stream)
}

/** Control and bidirectional characters made visible as `\uXXXX`; everything else as it is. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029\ud800-\udfff]/gu
