// What an attack on a running program is, and what is watched from outside while it goes on.
//
// An attack touches only what it is pointed at, on loopback, and ends by itself within seconds.

import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** A running program. */
export interface Target {
  readonly host: string
  readonly port: number
}

export interface Outcome {
  /** In a few words, with numbers. */
  readonly tried: string
  /** The slowest answer of `/metrics` while it went on; 10,000 stands for none. */
  readonly worstMetricsMs: number
  /** The longest that the program's loop stood still, by its own measure. */
  readonly worstLagMs: number
  /** The most resident memory that it had. */
  readonly memoryMb: number
  readonly verdict: 'held' | 'fell'
}

export interface Attack {
  readonly name: string
  run(target: Target): Promise<Outcome>
}

/** Under any load the loop stands still for less than this, and a scrape is answered well before Prometheus gives up. */
export const MOST_LAG_MS = 1_000
export const MOST_METRICS_MS = 3_000
export const MOST_MEMORY_MB = 500

const PROBE_MS = 100
const GIVE_UP_MS = 10_000

type Seen = Omit<Outcome, 'tried' | 'verdict'>

/** Asks for the metrics all the while that `act` goes on, and once more; then judges. */
export async function whileWatched(
  target: Target,
  act: () => Promise<{ readonly tried: string; readonly held?: boolean }>,
): Promise<Outcome> {
  let seen: Seen = { worstMetricsMs: 0, worstLagMs: 0, memoryMb: 0 }
  let acting = true
  // What the program's own measure still holds of the time before.
  await probe(target)
  const watching = (async () => {
    while (acting) {
      seen = worse(seen, await probe(target))
      await sleep(PROBE_MS)
    }
  })()
  const { tried, held = true } = await act().finally(() => {
    acting = false
  })
  await watching
  seen = worse(seen, await probe(target))
  const bounded =
    seen.worstLagMs < MOST_LAG_MS && seen.worstMetricsMs < MOST_METRICS_MS && seen.memoryMb < MOST_MEMORY_MB
  return { tried, ...seen, verdict: held && bounded ? 'held' : 'fell' }
}

async function probe({ host, port }: Target): Promise<Seen> {
  const begin = performance.now()
  try {
    const answer = await fetch(`http://${host}:${port}/metrics`, { signal: AbortSignal.timeout(GIVE_UP_MS) })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`${answer.status}`)
    return {
      worstMetricsMs: Math.round(performance.now() - begin),
      worstLagMs: Math.round(sampleOf(text, 'nodejs_eventloop_lag_max_seconds') * 1_000),
      memoryMb: Math.round(sampleOf(text, 'process_resident_memory_bytes') / 1e6),
    }
  } catch {
    return { worstMetricsMs: GIVE_UP_MS, worstLagMs: 0, memoryMb: 0 }
  }
}

/** Descriptors that the program holds. */
export async function openFiles({ host, port }: Target): Promise<number> {
  return sampleOf(await (await fetch(`http://${host}:${port}/metrics`)).text(), 'process_open_fds')
}

function sampleOf(exposition: string, name: string): number {
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(exposition)?.[1] ?? 0)
}

function worse(one: Seen, other: Seen): Seen {
  return {
    worstMetricsMs: Math.max(one.worstMetricsMs, other.worstMetricsMs),
    worstLagMs: Math.max(one.worstLagMs, other.worstLagMs),
    memoryMb: Math.max(one.memoryMb, other.memoryMb),
  }
}

/** A bare connection that says this, and whose errors are nobody's business. */
export function saying({ host, port }: Target, text: string): Socket {
  const socket = connect({ host, port, allowHalfOpen: true }, () => socket.write(text))
  return socket.on('error', () => {})
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** One request as text. */
export function requestText(path: string, headers: readonly string[] = []): string {
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n')
}
