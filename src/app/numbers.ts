// What the core is told about numbers by the settings: the lines that are called, and the destinations that are dialed.

import type { DestinationOf, LineOf } from '../call/event.ts'
import { linesByNumber } from '../call/outcome/line.ts'
import type { Config } from '../config.ts'
import { destinationOf } from '../numbers/destination.ts'

/** The settings that say what numbers mean. */
export interface NumberSettings {
  readonly calls: Pick<Config['calls'], 'lines'>
  readonly callback: Pick<Config['callback'], 'country'>
}

/** For the tracker. */
export function numbersOf({ calls, callback }: NumberSettings): {
  readonly lineOf: LineOf
  readonly destinationOf: DestinationOf
} {
  return { lineOf: linesByNumber(calls.lines), destinationOf: destinationOf(callback.country) }
}

/** For the metrics. */
export function lineNames(lines: Config['calls']['lines']): readonly string[] {
  return [...new Set(lines.map(({ name }) => name))]
}
