// Reads the call log and /metrics again and again while calls run, to measure how late they are.
//
// It counts and compares counts; it never looks at which call it is. Instants are epoch ms of this machine's clock, which
// is Asterisk's clock too.

import { setTimeout as sleep } from 'node:timers/promises'
import type { CallLogRows } from './callLogRows.ts'
import type { Exporter } from './exporter.ts'
import { total } from './exposition.ts'

const EVERY_MS = 50

interface Look {
  readonly at: number
  readonly count: number
}

export class Watch {
  readonly #exporter: Exporter
  readonly #callLog: CallLogRows
  readonly #rows: Look[] = []
  readonly #counted: Look[] = []
  readonly #everyMs: number
  #mostActive = 0
  #looking = true
  readonly #done: Promise<void>

  constructor(exporter: Exporter, callLog: CallLogRows, everyMs: number = EVERY_MS) {
    this.#exporter = exporter
    this.#callLog = callLog
    this.#everyMs = everyMs
    this.#done = this.#look()
  }

  /** The most calls that /metrics ever showed as active at once. */
  get mostActive(): number {
    return this.#mostActive
  }

  /** The calls that /metrics counted at the last look. */
  get counted(): number {
    return this.#counted.at(-1)?.count ?? 0
  }

  /** Ends the watch with a last look, which sees all that the one before may have read too early; rejects when a look failed. */
  async stop(): Promise<void> {
    this.#looking = false
    await this.#done
    await this.#lookOnce()
  }

  /** Ms from each call's end until as many calls as had ended by then were seen; Infinity for one that never was. */
  lateness(endedAt: readonly number[]): { rows: number[]; metrics: number[] } {
    const ends = [...endedAt].sort((a, b) => a - b)
    return { rows: lags(ends, this.#rows), metrics: lags(ends, this.#counted) }
  }

  async #look(): Promise<void> {
    while (this.#looking) {
      await this.#lookOnce()
      await sleep(this.#everyMs)
    }
  }

  async #lookOnce(): Promise<void> {
    const rows = this.#callLog.ended()
    this.#rows.push({ at: Date.now(), count: rows })
    const samples = await this.#exporter.samples()
    this.#counted.push({ at: Date.now(), count: total(samples, 'asterisk_calls_total') })
    this.#mostActive = Math.max(this.#mostActive, total(samples, 'asterisk_calls_active'))
  }
}

function lags(ends: readonly number[], looks: readonly Look[]): number[] {
  return ends.map((end, index) => (looks.find((look) => look.count > index)?.at ?? Number.POSITIVE_INFINITY) - end)
}
