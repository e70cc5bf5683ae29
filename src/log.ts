// The program's log, written with pino: readable lines on a terminal, one JSON object per line everywhere else.
//
// Numbers and names come from callers: `printable` escapes the characters in them that control a terminal or the direction
// of text. Secrets are never passed to the log. Where the lines go: process/logOutput.ts.

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
  /** `pretty`: for people; `json`: for programs. */
  readonly format: 'pretty' | 'json'
}

/** The log, and where its lines go. */
export interface Logging {
  readonly log: Logger
  readonly output: LogOutput
}

/** Opens a log on this descriptor. When its output accepts lines again, the log reports how many were dropped. */
export function openLog(options: LogOptions, descriptor: Descriptor): Logging {
  const output = openLogOutput(descriptor, {
    onResumed: (lines) => log.warn({ lines }, 'log lines were dropped: the output did not accept them'),
  })
  const log = createLog(options, output)
  return { log, output }
}

/** Creates a log that writes each line to `destination`. */
export function createLog(options: LogOptions, destination: DestinationStream): Logger {
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (options.format === 'json') {
    return pino(settings, destination)
  }
  const prettify = prettyFactory({ translateTime: 'SYS:HH:MM:ss.l', singleLine: true })
  return pino(settings, { write: (line) => void destination.write(prettify(line)) })
}

/** The text with control, format and bidirectional characters written as `\uXXXX`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029\ud800-\udfff]/gu
