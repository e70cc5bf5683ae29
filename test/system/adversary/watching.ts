// What is seen of a program from outside while it is attacked: how fast it answers, how late it hears, how big it is.
//
// The event loop is measured inside the program (bench/probe.js, asked over IPC), because each scrape resets the figure. Memory
// is read from the system (/proc, on Linux), because a program that hangs cannot report it.

import { existsSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { residentMb } from '../program/residentMb.ts'

/** A program, across its restarts. */
export interface Target {
  readonly host: string
  readonly port: number
  /** Null while it is not meant to answer: it ends or begins. */
  pid(): number | null
  /** The longest that its loop stood still since the last call; ms. Null where nobody measures. */
  loopStopMs(): Promise<number | null>
}

/** The worst of a span. */
export interface Seen {
  /** The slowest answer of `/metrics`; 10,000 means no answer. */
  readonly metricsMs: number
  readonly loopStopMs: number | null
  /** The bound below which every event was heard, as fine as the program's own histogram is; infinite beyond its last. */
  readonly eventLagMs: number | null
  /** Resident. */
  readonly memoryMb: number
  /** Of the time in which the program's main thread, or this one, had work: how much of it had a processor. Up to 1, for all. */
  readonly share: number
}

export interface Watching {
  stop(): Promise<Seen>
}

const PROBE_MS = 100
const GIVE_UP_MS = 10_000

/** Begins to watch; what was measured of the time before is left out. */
export async function watch(target: Target): Promise<Watching> {
  let seen: Seen = { metricsMs: 0, loopStopMs: null, eventLagMs: null, memoryMb: 0, share: 1 }
  const times = [createSchedule(target.pid), createSchedule(() => process.pid)]
  let before: Lags | null = null
  let over = false
  const look = async (): Promise<void> => {
    for (const each of times) {
      each.look()
    }
    const probed = await probe(target)
    if (probed === null) {
      return
    }
    const { lags, ...figures } = probed
    const eventLagMs = lags === null || before === null ? null : worstSince(before, lags)
    before = lags ?? before
    seen = worse(seen, { ...figures, eventLagMs, loopStopMs: null, share: 1 })
  }
  await target.loopStopMs()
  await look()
  seen = { ...seen, metricsMs: 0 }
  const watching = (async () => {
    while (!over) {
      await look()
      await sleep(PROBE_MS)
    }
  })()
  return {
    async stop() {
      over = true
      await watching
      await look()
      const share = Math.min(...times.map((each) => each.share()))
      return { ...seen, loopStopMs: await target.loopStopMs(), share }
    },
  }
}

/** Events by the bound that they were heard within, of one run of the program. */
interface Lags {
  readonly pid: number
  readonly counts: ReadonlyMap<number, number>
}

type Probed = Omit<Seen, 'loopStopMs' | 'eventLagMs' | 'share'> & { readonly lags: Lags | null }

async function probe({ host, port, pid }: Target): Promise<Probed | null> {
  const asked = pid()
  if (asked === null) {
    return null
  }
  const begin = performance.now()
  // What the system does not report is not a fault of the program.
  const memoryMb = Math.round(residentMb(asked)) || 0
  try {
    const answer = await fetch(`http://${host}:${port}/metrics`, { signal: AbortSignal.timeout(GIVE_UP_MS) })
    const text = await answer.text()
    if (answer.status !== 200) {
      throw new Error(`${answer.status}`)
    }
    return {
      metricsMs: Math.round(performance.now() - begin),
      memoryMb,
      lags: { pid: asked, counts: lagsIn(text) },
    }
  } catch {
    return pid() === asked ? { metricsMs: GIVE_UP_MS, memoryMb, lags: null } : null
  }
}

/** How long the main thread of a process ran, and how long it waited for a processor, across its restarts. */
function createSchedule(pid: () => number | null) {
  let [ran, waited] = [0, 0]
  let last: { readonly pid: number; readonly ran: number; readonly waited: number } | null = null
  return {
    look(): void {
      const now = pid()
      const file = `/proc/${now}/task/${now}/schedstat`
      if (now === null || !existsSync(file)) {
        return
      }
      const [ranSoFar = 0, waitedSoFar = 0] = readFileSync(file, 'utf8').split(' ').map(Number)
      if (last?.pid === now) {
        ran += ranSoFar - last.ran
        waited += waitedSoFar - last.waited
      }
      last = { pid: now, ran: ranSoFar, waited: waitedSoFar }
    },
    share: () => (ran === 0 ? 1 : ran / (ran + waited)),
  }
}

const BUCKET = /^asterisk_exporter_event_lag_seconds_bucket\{le="(.+)"\} (.+)$/gm

// Bucket by bucket; in the exposition each has those below it too.
function lagsIn(exposition: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  let below = 0
  for (const [, le = '', count = ''] of exposition.matchAll(BUCKET)) {
    counts.set(le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le) * 1_000, Number(count) - below)
    below = Number(count)
  }
  return counts
}

function worstSince(before: Lags, { pid, counts }: Lags): number {
  const grown = [...counts].filter(([le, count]) => count > (pid === before.pid ? (before.counts.get(le) ?? 0) : 0))
  return Math.max(0, ...grown.map(([le]) => le))
}

function worse(one: Seen, other: Seen): Seen {
  const most = (a: number | null, b: number | null): number | null => (a === null ? b : Math.max(a, b ?? 0))
  return {
    metricsMs: Math.max(one.metricsMs, other.metricsMs),
    loopStopMs: most(one.loopStopMs, other.loopStopMs),
    eventLagMs: most(one.eventLagMs, other.eventLagMs),
    memoryMb: Math.max(one.memoryMb, other.memoryMb),
    share: Math.min(one.share, other.share),
  }
}
