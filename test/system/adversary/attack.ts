// What an attack on a running program is, and when it is held.
//
// An attack touches only what it is pointed at, on loopback, and ends by itself within seconds.

import { connect, type Socket } from 'node:net'
import { type Seen, watch } from './watching.ts'
import type { Stage, World, WorldOptions } from './world.ts'

/** Where a program answers. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** What an attack has done. */
export interface Acted {
  /** A short description, with numbers. */
  readonly tried: string
  /** False when something else than the figures shows that it fell. */
  readonly held?: boolean
  /** Where more memory than usual is meant to be needed. */
  readonly mostMemoryMb?: number
  /** True when the delay of events cannot be measured, as with a clock that was set. */
  readonly lagIsUnknown?: boolean
}

export interface Outcome extends Seen {
  readonly tried: string
  /** Calls of the PBX that are not in the log, and those that are there twice; null where only the end of the run shows it. */
  readonly lost: number | null
  readonly verdict: 'held' | 'fell'
}

/** One attack. */
export interface Attack {
  /** The kind that it belongs to, by the list at the head of attacks.ts. */
  readonly point: number
  readonly name: string
  /** On the program of the stage, which goes on, or is started anew by it; or on one in a world of its own. */
  readonly on: 'the run' | 'restarts' | 'its own'
  run(stage: Stage): Promise<Outcome>
}

/**
 * Under any attack what hears Asterisk is late by less than this, and a scrape is answered well before Prometheus gives up: where
 * the program has a processor when it wants one.
 */
export const MOST_LAG_MS = 1_000
export const MOST_METRICS_MS = 3_000
export const MOST_MEMORY_MB = 500

/** Watches the program while `act` goes on, and judges. An `act` that throws has fallen, and says why. */
export async function whileWatched(world: World, act: () => Promise<Acted>): Promise<Outcome> {
  const watching = await watch(world.target)
  const acted = await act().catch((error: unknown): Acted => ({ tried: wordsOf(error), held: false }))
  const { tried, held = true, mostMemoryMb = MOST_MEMORY_MB, lagIsUnknown = false } = acted
  const watched = await watching.stop()
  const seen = lagIsUnknown ? { ...watched, eventLagMs: null } : watched
  return { tried, ...seen, lost: null, verdict: held && isBounded(seen, mostMemoryMb) ? 'held' : 'fell' }
}

/** The same in a world of its own, whose calls are counted when it is over. */
export async function inWorld(
  stage: Stage,
  options: WorldOptions,
  act: (world: World) => Promise<Acted>,
): Promise<Outcome> {
  const world = await stage.open(options)
  try {
    await world.start()
    const outcome = await whileWatched(world, () => act(world))
    const { lost, doubled, broken } = await world.judge()
    const fell = outcome.verdict === 'fell' || lost.length + doubled.length + broken.length > 0
    return {
      ...outcome,
      tried: [outcome.tried, ...broken.slice(0, 1)].join('; '),
      lost: lost.length + doubled.length,
      verdict: fell ? 'fell' : 'held',
    }
  } finally {
    await world.close()
  }
}

// A thread that has a processor for half of the time that it wants one takes twice as long for everything.
function isBounded({ metricsMs, loopStopMs, eventLagMs, memoryMb, share }: Seen, mostMemoryMb: number): boolean {
  const late = Math.max(loopStopMs ?? 0, eventLagMs ?? 0)
  return late * share <= MOST_LAG_MS && metricsMs * share < MOST_METRICS_MS && memoryMb < mostMemoryMb
}

/** The first line of what went wrong. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n', 1).join('').slice(0, 200) : String(error)
}

/** A bare connection that says this, and whose errors are nobody's business. */
export function saying({ host, port }: Address, text: string): Socket {
  const socket = connect({ host, port, allowHalfOpen: true }, () => socket.write(text))
  return socket.on('error', () => {})
}

/** One request as text. */
export function requestText(path: string, headers: readonly string[] = []): string {
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n')
}
