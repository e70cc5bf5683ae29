// An exporter that can be stopped, killed and started again with the content of its disk, within one process and without waiting.
//
// The parts are the real ones, composed as in exporter.ts: tracker, metrics, pipeline, call log, durable scrape. Only the writer is no
// thread: it runs here, on a database in memory.

import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { vi } from 'vitest'
import { secretKeys } from '../../../src/app/callbackOptions.ts'
import { durableScrape } from '../../../src/app/durableScrape.ts'
import { openFraud } from '../../../src/app/fraud.ts'
import { createPipeline } from '../../../src/app/pipeline.ts'
import { restore } from '../../../src/app/restore.ts'
import type { PbxEvent } from '../../../src/call/event.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { createMissedCallers } from '../../../src/callback/missedCallers.ts'
import { openCallLog } from '../../../src/calllog/callLog.ts'
import { MIGRATIONS, migrate } from '../../../src/calllog/file/migrations.ts'
import { batchWriter, type WriteBatch } from '../../../src/calllog/writer/batch.ts'
import type { SinkEvents } from '../../../src/calllog/writer/outbox.ts'
import type { Batch, FromWriter, ToWriter } from '../../../src/calllog/writer/protocol.ts'
import { readSavedState } from '../../../src/calllog/writer/savedState.ts'
import { trackEndpoints } from '../../../src/endpoint/endpoints.ts'
import { registerLiveGauges } from '../../../src/metrics/liveGauges.ts'
import { createMetrics, type Metrics } from '../../../src/metrics/metrics.ts'
import { destinationOf } from '../../../src/numbers/destination.ts'

// Longer than the longest delay between two attempts to write.
const PATIENCE_MS = 6_000

/** What survives a process: a database, and its failures. */
export class Disk {
  #db: Database.Database
  #write: WriteBatch
  #copy: Buffer | null = null
  #writer: Writer | null = null
  /** Writes fail. */
  isFailing = false
  /** The rows of the next batch get lost, its sums do not. */
  refusesRows = false

  readonly #sinks: readonly SinkEvents[]

  /** `db` may contain data, of any version. `sinks`: those that get what ends. */
  constructor(db = new Database(':memory:'), sinks: readonly SinkEvents[] = []) {
    this.#db = db
    this.#sinks = sinks
    migrate(this.#db, MIGRATIONS)
    this.#write = batchWriter(this.#db, this.#sinks)
  }

  get db(): Database.Database {
    return this.#db
  }

  /** Starts a writer for this database. */
  spawn(now: () => number): Worker {
    this.#writer = new Writer(this, now)
    // The call log uses only these methods of a worker.
    return this.#writer as unknown as Worker
  }

  write(batch: Batch): void {
    this.#write(this.refusesRows ? { ...batch, calls: [], legs: [] } : batch)
    this.refusesRows = false
  }

  /** Makes a copy for `replace`. */
  copy(): void {
    this.#copy = this.#db.serialize()
  }

  /** Replaces the open file by the copy, or by an empty file. */
  replace(): void {
    this.#db.close()
    this.#db = new Database(this.#copy ?? ':memory:')
    migrate(this.#db, MIGRATIONS)
    this.#write = batchWriter(this.#db, this.#sinks)
    this.#writer?.lose()
  }

  close(): void {
    this.#db.close()
  }

  /** The process ended, and with it every pending operation. */
  abandon(): void {
    this.#writer?.removeAllListeners()
    this.#writer = null
  }
}

class Writer extends EventEmitter {
  readonly #disk: Disk

  constructor(disk: Disk, now: () => number) {
    super()
    this.#disk = disk
    queueMicrotask(() =>
      this.#say({
        type: 'opened',
        saved: readSavedState(disk.db, now()),
        quarantined: null,
        spill: null,
        removed: {},
      }),
    )
  }

  postMessage(message: ToWriter): void {
    if (message.type === 'close') {
      this.emit('exit', 0)
    } else if (this.#disk.isFailing) {
      this.#say({ type: 'failed', reason: 'full', detail: 'no room' })
    } else if (message.type === 'write' && this.listenerCount('message') > 0) {
      this.#disk.write(message.batch)
      this.#say({ type: 'written', seconds: 0.001, refused: [] })
    }
  }

  lose(): void {
    this.#say({ type: 'lost', reason: 'replaced', detail: 'another file', quarantined: null })
    this.emit('exit', 0)
  }

  #say(message: FromWriter): void {
    this.emit('message', message)
  }
}

/** A process of the exporter. */
export interface Run {
  take(event: PbxEvent): void
  /** The exposition text, as Prometheus gets it. */
  scrape(): Promise<string>
  /** Resolves when all events are on disk. */
  flush(): Promise<void>
  /** Advances the timers until the next attempt to write. */
  wait(): Promise<void>
  stop(): Promise<void>
  kill(): void
}

export interface RunOptions {
  readonly labelLimit: number
  readonly now: () => number
}

/** Starts with the content of the disk. Timers must be fake. */
export async function startRun(disk: Disk, { labelLimit, now }: RunOptions): Promise<Run> {
  const log = pino({ level: 'silent' })
  const roleOf = rolesByName([])
  const tracker = createTracker({ roleOf, destinationOf: destinationOf('FI') })
  const metrics: Metrics = createMetrics({
    version: '0',
    revision: '0',
    nodeVersion: '0',
    labelLimit,
    frameTypes: [],
    malformedReasons: [],
    disconnectReasons: [],
    writeErrorReasons: [],
    now,
    runtimeMetrics: false,
  })
  const opened = await openCallLog(
    { path: ':memory:', retentionDays: 0, maxPendingCalls: 2 },
    {
      log,
      onWrite: () => undefined,
      onWriteError: () => undefined,
      clock: { now, toPbx: (at) => at },
      spawn: () => disk.spawn(now),
    },
  )
  const { append, flush, close } = opened.callLog
  const keyOf = secretKeys('FI', opened.numberSecret)
  const missedCallers = createMissedCallers({ keyOf, windowMs: 60_000, limit: 3 })
  const fraud = openFraud({ ...opened, roleOf, now, log })
  registerLiveGauges(metrics.registry, {
    liveCounts: () => tracker.liveCounts(),
    session: () => ({ inSync: true, asterisk: null }),
    callLog: () => opened.callLog.status(),
    endpoints: () => [],
    missedCallers: missedCallers.waiting,
    toll: fraud,
  })
  const { handleEvent, advance, finish } = createPipeline({
    tracker,
    endpoints: trackEndpoints(),
    log,
    observe: metrics.observe,
    append,
    missedCallers,
    toll: fraud,
    logCall: () => undefined,
  })
  const take = (event: PbxEvent): void => {
    advance(event.at)
    handleEvent(event)
    finish()
  }
  restore(opened, { metrics, missedCallers, fraud, keyOf, handleEvent, log, path: ':memory:' })
  const scrape = durableScrape(metrics.expose, opened.callLog)
  const end = (): void => {
    disk.abandon()
    vi.clearAllTimers()
  }
  return {
    take,
    scrape: async () => (await scrape()).body,
    flush,
    async wait() {
      await vi.advanceTimersByTimeAsync(PATIENCE_MS)
    },
    async stop() {
      await close()
      end()
    },
    kill: end,
  }
}
