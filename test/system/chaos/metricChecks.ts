// Scrapes /metrics again and again during a trial and checks the laws between its numbers.

import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, scrape, sumOf } from '../program/program.ts'
import type { CounterCheck } from './monotonicCounters.ts'
import type { Proof } from './observedIntervals.ts'
import type { Subject } from './programUnderTest.ts'

/** Waits until no call is counted as active; what remains is leaked. */
export async function activeAtLast({ port }: Subject): Promise<number> {
  const left = (samples: ReadonlyMap<string, number>): number =>
    sumOf(samples, 'asterisk_calls_active') + sumOf(samples, 'asterisk_exporter_calllog_pending')
  const samples = await eventually(
    () => scrape(port),
    (seen) => seen.size > 0 && left(seen) === 0,
  ).catch(() => scrape(port))
  return sumOf(samples, 'asterisk_calls_active')
}

export interface Watch {
  /** Laws that did not hold, each with its figures. */
  readonly broken: string[]
  /** Calls that ended, and disconnected seconds of all runs, as last served. */
  ended(): number
  disconnectedSeconds(): number
  /** Ends of the session, failed attempts to open one too. */
  disconnects(): number
  readonly proofs: readonly Proof[]
  stop(): Promise<void>
}

/** One scrape, and what the next one proves of it. */
interface Look {
  readonly run: number
  /** When the scrape began, and what the PBX had sent by then. */
  readonly begun: Proof
  readonly ended: number
}

// A scrape is sent when all that it counts is on disk, or after 250 ms (src/app/durableScrape.ts).
const DURABLE_MS = 250

/** Scrapes four times a second, until it is stopped. `allSent` resolves with the instant up to which the PBX sent its events. */
export function watchNumbers(
  { port, runs }: Subject,
  counterCheck: CounterCheck,
  allSent: () => Promise<number>,
): Watch {
  const broken: string[] = []
  const proofs: Proof[] = []
  const disconnected = new Map<number, number>()
  const disconnects = new Map<number, number>()
  let ended = 0
  let stopped = false
  let last: Look | null = null

  async function look(): Promise<void> {
    const run = runs.length
    const upTo = await allSent()
    const begun = { at: Date.now(), upTo }
    const askedAt = performance.now()
    const samples = await scrape(port)
    const isDurable = performance.now() - askedAt < DURABLE_MS
    // An answer that came while the program was restarted belongs to neither run.
    if (samples.size === 0 || runs.length !== run || runs.at(-1)?.end !== null) {
      return
    }
    ended = sumOf(samples, 'asterisk_calls_total')
    // The program read what was sent before the last scrape by the time that it answered this one.
    const isProof =
      isDurable && last?.run === run && sumOf(samples, 'asterisk_exporter_calllog_calls_written_total') >= last.ended
    counterCheck.take(samples, isProof)
    if (isProof && last !== null) {
      proofs.push(last.begun)
    }
    last = { run, begun, ended }
    disconnected.set(run, sumOf(samples, 'asterisk_exporter_disconnected_seconds_total'))
    disconnects.set(run, sumOf(samples, 'asterisk_exporter_session_disconnects_total'))
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
    proofs,
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
  const logged = sum('asterisk_exporter_calllog_calls_written_total') + sum('asterisk_exporter_calllog_pending')
  const started = sum('asterisk_calls_started_total')
  const active = sum('asterisk_calls_active')
  return [
    ...(ended === logged ? [] : [`${ended} ended, but ${logged} rows and pending`]),
    ...(started === ended + active ? [] : [`${started} started, but ${ended} ended and ${active} active`]),
  ]
}
