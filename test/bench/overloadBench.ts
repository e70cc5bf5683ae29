// More than the program can take, of recorded traffic: three times that for a while, then half of it until it has caught up.
//
// What it can take is found first, by sending as fast as it counts. The lag is seen from outside: how long ago the calls ended that the
// program has not counted yet. Like Asterisk, the sender cuts off a listener for which a write is
// blocked for too long.

import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, scrape, sumOf } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { type Feed, startFeed } from './feed.ts'
import { callsOf, type Exporter, startExporter } from './programUnderTest.ts'
import { asOtherCalls, type RepeatedTrace, repeatedTrace } from './repeatedTrace.ts'
import type { Figures } from './rows.ts'

const OVERLOAD = 3
const AFTERWARDS = 0.5
/** A minute is the goal. */
const NEVER_S = 75
const WATCHED_MS = 250
const TAKES_MS = 15_000

export const overloadBench: Benchmark = { name: 'overload', comparesWithBase: true, run }

async function run(context: Context): Promise<Figures> {
  const trace = repeatedTrace()
  const feed = await startFeed()
  const exporter = await startExporter(context, { url: feed.url })
  try {
    return await overload(context, { feed, exporter, source: createSource(feed, trace) })
  } finally {
    await exporter.stop()
    await feed.stop()
  }
}

interface Parts {
  readonly feed: Feed
  readonly exporter: Exporter
  readonly source: Source
}

async function overload({ quick, say }: Context, { exporter, source }: Parts): Promise<Figures> {
  const { port } = exporter
  await takeAll(port, source)
  const capacity = await takeAll(port, source)
  const seconds = quick ? 5 : 20
  say(
    `overload: ${Math.round(capacity * OVERLOAD)} calls a second for ${seconds} s, then ${Math.round(capacity * AFTERWARDS)}`,
  )
  const watched = watch(port, source)
  await exporter.read()
  const overUntil = performance.now() + seconds * 1000
  await source.send(capacity * OVERLOAD, () => performance.now() >= overUntil)
  const hasCaughtUp = (): boolean => watched.lagMs() < 1_000
  // What was sent without a listener is lost, and never caught up with.
  const isHopeless = (): boolean => watched.disconnects() > 0 || performance.now() >= overUntil + NEVER_S * 1000
  await source.send(capacity * AFTERWARDS, () => hasCaughtUp() || isHopeless())
  const recovery = hasCaughtUp() ? (performance.now() - overUntil) / 1000 : NEVER_S
  const { loopMaxMs } = await exporter.read()
  await watched.stop()
  await source.send(capacity * AFTERWARDS, source.isBetweenRepetitions)
  const { ended, rows, pending } = await eventually(
    () => callsOf(port),
    (now) => now.ended >= source.ended() && now.pending === 0,
    TAKES_MS,
  ).catch(() => callsOf(port))
  return {
    'overload.capacity': capacity,
    'overload.disconnects': watched.disconnects(),
    'overload.lost': Math.abs(source.ended() - ended) + Math.abs(ended - rows) + pending,
    'overload.recovery': recovery,
    'overload.loop': loopMaxMs,
    'overload.queue': watched.queueBytes() / 1024 ** 2,
  }
}

/** Sends the recording once, and resolves with the calls a second at which it was counted. */
async function takeAll(port: number, source: Source): Promise<number> {
  const [before, begun] = [source.ended(), performance.now()]
  await source.sendAll()
  await eventually(
    () => callsOf(port),
    ({ ended, pending }) => ended >= source.ended() && pending === 0,
    TAKES_MS,
  )
  return ((source.ended() - before) * 1000) / (performance.now() - begun)
}

interface Watched {
  /** Of the calls that ended on the PBX and are not counted, how long ago the first one ended; 0 without any. */
  lagMs(): number
  disconnects(): number
  /** The most that waited; NaN when the program does not say. */
  queueBytes(): number
  stop(): Promise<void>
}

function watch(port: number, source: Source): Watched {
  let lag = Number.POSITIVE_INFINITY
  let disconnects = 0
  let queue = Number.NaN
  let watching = true
  const look = async (): Promise<void> => {
    while (watching) {
      const samples = await scrape(port).catch(() => null)
      if (samples !== null) {
        lag = source.sinceEnded(sumOf(samples, 'asterisk_calls_total'))
        disconnects = sumOf(samples, 'asterisk_exporter_session_disconnects_total')
        const bytes = samples.get('asterisk_exporter_queue_bytes')
        queue = bytes === undefined ? queue : Math.max(bytes, Number.isNaN(queue) ? 0 : queue)
      }
      await sleep(WATCHED_MS)
    }
  }
  const looking = look()
  return {
    lagMs: () => lag,
    disconnects: () => disconnects,
    queueBytes: () => queue,
    stop: async () => {
      watching = false
      await looking
    },
  }
}

interface Source {
  /** One repetition, as fast as the listener reads. */
  sendAll(): Promise<void>
  /** At a pace, whether the listener reads or not. */
  send(callsPerSecond: number, isOver: () => boolean): Promise<void>
  /** Calls that have ended in what was sent. */
  ended(): number
  /** How long ago, in ms, the call ended that came after so many; 0 when none did. */
  sinceEnded(calls: number): number
  isBetweenRepetitions(): boolean
}

function createSource(feed: Feed, { pieces, calls }: RepeatedTrace): Source {
  const history: { readonly at: number; readonly ended: number }[] = []
  let sent = 0
  const nextPiece = (): Buffer => {
    const [time, piece] = [Math.floor(sent / pieces.length), pieces[sent % pieces.length]]
    if (piece === undefined) {
      throw new Error('the recording has no frames')
    }
    sent += 1
    history.push({ at: performance.now(), ended: time * calls + piece.ended })
    return asOtherCalls(piece, time)
  }
  const isBetweenRepetitions = (): boolean => sent % pieces.length === 0
  return {
    async sendAll() {
      do {
        await feed.send([nextPiece()])
      } while (!isBetweenRepetitions())
    },
    async send(callsPerSecond, isOver) {
      const [begun, pieceMs] = [performance.now(), (calls * 1000) / callsPerSecond / pieces.length]
      for (let count = 0; !isOver(); ) {
        const due = (performance.now() - begun) / pieceMs
        for (; count < due; count += 1) {
          feed.post(nextPiece())
        }
        await sleep(Math.max(1, begun + count * pieceMs - performance.now()))
      }
    },
    ended: () => history.at(-1)?.ended ?? 0,
    sinceEnded(counted) {
      const first = history.find(({ ended }) => ended > counted)
      return first === undefined ? 0 : performance.now() - first.at
    },
    isBetweenRepetitions,
  }
}
