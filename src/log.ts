// The program's log: pino, pretty on a terminal, one JSON object a line everywhere else.
//
// What callers send (numbers, names) is text from strangers: `printable` takes out of it whatever could steer a
// terminal or turn a line around. Secrets are never passed to the log in the first place. Where the lines go: logOutput.ts.

import { type DestinationStream, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { type Descriptor, type LogOutput, openLogOutput } from './process/logOutput.ts'

/** The log, as every part of the program gets it. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  fatal(fields: object, message: string): void
}

export interface LogOptions {
  readonly level: string
  /** `pretty` for people, `json` for machines. */
  readonly format: 'pretty' | 'json'
}

/** The log, and where its lines go. */
export interface Logging {
  readonly log: Logger
  readonly output: LogOutput
}

/** A log on this descriptor. It says how many lines were dropped when the output takes them again. */
export function openLog(options: LogOptions, descriptor: Descriptor): Logging {
  const output = openLogOutput(descriptor, {
    onResumed: (lines) => log.warn({ lines }, 'log lines were dropped: their output did not take them'),
  })
  const log = createLog(options, output)
  return { log, output }
}

/** Writes each line to `destination`, at once. */
export function createLog(options: LogOptions, destination: DestinationStream): Logger {
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (options.format === 'json') {
    return pino(settings, destination)
  }
  const prettify = prettyFactory({ translateTime: 'SYS:HH:MM:ss.l', singleLine: true })
  return pino(settings, { write: (line) => void destination.write(prettify(line)) })
}

/** Control and bidirectional characters made visible as `\uXXXX`; everything else as it is. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029\ud800-\udfff]/gu
