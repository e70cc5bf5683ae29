// The numbers of a trial: what /metrics says again and again, held against the laws that bind it.

import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, scrape, sumOf } from '../program/program.ts'
import type { Ratchet } from './monotonicCounters.ts'
import type { Subject } from './programUnderTest.ts'

/** Nothing lives any more: what is still counted as active after a while is leaked. */
export async function activeAtLast({ port }: Subject): Promise<number> {
  const left = (samples: ReadonlyMap<string, number>): number =>
    sumOf(samples, 'asterisk_calls_active') + sumOf(samples, 'asterisk_exporter_calllog_pending')
  const samples = await eventually(
    () => scrape(port),
    (seen) => seen.size > 0 && left(seen) === 0,
    3_000,
  ).catch(() => scrape(port))
  return sumOf(samples, 'asterisk_calls_active')
}

export interface Watch {
  /** Laws that did not hold, each with its figures. */
  readonly broken: string[]
  /** Calls that ended, and disconnected seconds of all lives, as last served. */
  ended(): number
  disconnectedSeconds(): number
  /** Ends of the session, failed attempts to open one too. */
  disconnects(): number
  stop(): Promise<void>
}

/** Looks four times a second, until it is stopped. */
export function watchNumbers({ port, lives }: Subject, ratchet: Ratchet): Watch {
  const broken: string[] = []
  const disconnected = new Map<number, number>()
  const disconnects = new Map<number, number>()
  let ended = 0
  let stopped = false

  async function look(): Promise<void> {
    const life = lives.length
    const samples = await scrape(port)
    // An answer that came while the program was changed for another one belongs to neither.
    if (samples.size === 0 || lives.length !== life || lives.at(-1)?.end !== null) {
      return
    }
    ratchet.take(samples, Date.now())
    ended = sumOf(samples, 'asterisk_calls_total')
    disconnected.set(life, sumOf(samples, 'asterisk_exporter_disconnected_seconds_total'))
    disconnects.set(life, sumOf(samples, 'asterisk_exporter_session_disconnects_total'))
    broken.push(...brokenLaws(samples))
  }

  async function watch(): Promise<void> {
    while (!stopped) {
      await look()
      await sleep(250)
    }
    await look()
  }
  const over = watch()
  return {
    broken,
    ended: () => ended,
    disconnectedSeconds: () => total(disconnected),
    disconnects: () => total(disconnects),
    stop() {
      stopped = true
      return over
    },
  }
}

function total(ofLives: ReadonlyMap<number, number>): number {
  return [...ofLives.values()].reduce((sum, one) => sum + one, 0)
}

function brokenLaws(samples: ReadonlyMap<string, number>): readonly string[] {
  const sum = (name: string): number => sumOf(samples, name)
  const ended = sum('asterisk_calls_total')
  const logged = sum('asterisk_exporter_calllog_rows') + sum('asterisk_exporter_calllog_pending')
  const started = sum('asterisk_calls_started_total')
  const active = sum('asterisk_calls_active')
  return [
    ...(ended === logged ? [] : [`${ended} ended, but ${logged} rows and pending`]),
    ...(started === ended + active ? [] : [`${started} started, but ${ended} ended and ${active} active`]),
  ]
}
