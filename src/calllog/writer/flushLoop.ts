// Decides when batches go to the writer: at most `flushMs` after the first fact, one batch at a time, in order. Changes of live
// calls wait up to `deferMs` before they count as facts.
//
//   idle ──fact──> collecting ──flushMs, or a full batch, or flush()──> writing ──written──> idle, collecting or writing
//                                                                       writing ──failed──> backingOff ──delay──> writing
//   Any state ──stop()──> stopped, after a last attempt to write everything.
//
// A failed batch is retried without end, with exponential back-off. The failure is logged when it starts, when its reason
// changes and when it is over. When no facts arrive, the time at which the PBX was last seen is written in a batch of its
// own; a failure of such a batch is neither logged nor counted.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../log.ts'
import { ticks } from '../../time/clock.ts'
import type { WriteErrorReason } from '../file/writeError.ts'
import type { Batch, Failed, Reopened, WriteOutcome, Written } from './protocol.ts'
import type { WriteQueue } from './writeQueue.ts'

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 5000
// While stopping: a disk that recovers is noticed soon.
const LAST_RETRY_STOPPING_MS = 250

type State =
  | { readonly type: 'idle' }
  | { readonly type: 'collecting'; readonly timer: NodeJS.Timeout }
  | Writing
  | { readonly type: 'backingOff'; readonly timer: NodeJS.Timeout }
  | { readonly type: 'stopped' }

interface Writing {
  readonly type: 'writing'
  /** The batch has no records: it is written only for the time at which the PBX was last seen. */
  onlyLastSeen: boolean
  /** When the next batch is due (ticks); null: nothing else is queued. */
  continueAt: number | null
}

export interface FlushLoopOptions {
  readonly flushMs: number
  /** How long changes of live calls wait at most. */
  readonly deferMs: number
  /** Shortest time between two batches that hold nothing but when the PBX was last seen. */
  readonly lastSeenMs: number
}

export interface FlushLoopDependencies {
  readonly queue: WriteQueue
  readonly write: (batch: Batch) => Promise<WriteOutcome>
  readonly log: Logger
  readonly onWrite: (seconds: number) => void
  readonly onWriteError: (reason: WriteErrorReason) => void
  /** The file was reopened, and the queue has been adapted to it. `missing`: ended calls that this file does not have. */
  readonly onReopened: (reopened: Reopened, missing: number) => void
}

/** Moves batches from the queue to the writer. */
export class FlushLoop {
  readonly #options: FlushLoopOptions
  readonly #deps: FlushLoopDependencies
  #state: State = { type: 'idle' }
  #lastSeenTimer: NodeJS.Timeout | undefined
  #deferTimer: NodeJS.Timeout | undefined
  #lastRetryMs = LAST_RETRY_MS
  /** Attempts since the last success, and why the latest failed. */
  #failures = 0
  #failing: WriteErrorReason | undefined
  #waiters: { readonly number: number; readonly done: () => void }[] = []

  constructor(options: FlushLoopOptions, dependencies: FlushLoopDependencies) {
    this.#options = options
    this.#deps = dependencies
  }

  /** False from a failed write until the next successful one. */
  get writable(): boolean {
    return this.#failing === undefined
  }

  /** To be called after an append. */
  schedule(): void {
    const { queue } = this.#deps
    if (queue.hasWaiting && this.#state.type !== 'stopped') {
      this.#deferTimer ??= setTimeout(() => {
        this.#collect()
        this.schedule()
      }, this.#options.deferMs)
    }
    if (queue.batchesToGo === 0) {
      return
    }
    // A full batch has no reason to wait for more facts.
    const delayMs = queue.batchesToGo > 1 ? 0 : this.#options.flushMs
    switch (this.#state.type) {
      case 'idle': {
        this.#writeAfter(delayMs)
        return
      }
      case 'collecting': {
        if (delayMs === 0) {
          this.#write()
        }
        return
      }
      case 'writing': {
        this.#state.continueAt = Math.min(this.#state.continueAt ?? Infinity, ticks() + delayMs)
        return
      }
      case 'backingOff':
      case 'stopped': {
        return
      }
    }
  }

  /** To be called after `queue.setLastSeen`: has the time written if no other batch carries it. */
  noteLastSeen(): void {
    this.#lastSeenTimer ??= setTimeout(() => {
      this.#lastSeenTimer = undefined
      if (this.#state.type === 'idle' && this.#deps.queue.hasNewLastSeen) {
        this.#deps.queue.ensureBatch()
        this.#write({ onlyLastSeen: true })
      }
    }, this.#options.lastSeenMs)
  }

  /** The file was lost: the next attempt reopens it, and is made even if no record is queued. */
  lost(failed: Failed): void {
    if (this.#state.type === 'writing') {
      // The outstanding write fails for the same reason, and that failure has to be reported.
      this.#state.onlyLastSeen = false
    } else if (this.#state.type !== 'stopped') {
      this.#deps.queue.ensureBatch()
      this.#fail(failed)
    }
  }

  /** Resolves when everything appended before is on disk, however long that takes, or when the loop has stopped. */
  flush(): Promise<void> {
    const { queue } = this.#deps
    this.#collect()
    if (queue.isEmpty) {
      return Promise.resolve()
    }
    const flushed = this.#whenWritten()
    if (this.#state.type === 'writing') {
      this.#state.continueAt = ticks()
    } else if (this.#state.type === 'idle' || this.#state.type === 'collecting') {
      this.#write()
    }
    return flushed
  }

  /** Writes what is queued and when the PBX was last seen, retrying for at most `withinMs`; then stops. */
  async stop(withinMs: number): Promise<void> {
    const { queue } = this.#deps
    clearTimeout(this.#lastSeenTimer)
    this.#collect()
    this.#lastRetryMs = LAST_RETRY_STOPPING_MS
    const onlyLastSeen = queue.isEmpty && queue.hasNewLastSeen
    if (onlyLastSeen) {
      queue.ensureBatch()
    }
    if (!queue.isEmpty) {
      const flushed = this.#whenWritten()
      if (this.#state.type === 'writing') {
        this.#state.continueAt = ticks()
      } else {
        this.#write({ onlyLastSeen })
      }
      const late = new AbortController()
      await Promise.race([flushed, sleep(withinMs, undefined, { signal: late.signal }).catch(() => undefined)])
      late.abort()
    }
    this.#enter({ type: 'stopped' })
    this.#release(Infinity)
  }

  /** Moves the changes of live calls into the next batches. */
  #collect(): void {
    clearTimeout(this.#deferTimer)
    this.#deferTimer = undefined
    this.#deps.queue.collect()
  }

  #enter(state: State): void {
    if (this.#state.type === 'collecting' || this.#state.type === 'backingOff') {
      clearTimeout(this.#state.timer)
    }
    this.#state = state
  }

  #writeAfter(delayMs: number): void {
    if (delayMs > 0) {
      this.#enter({ type: 'collecting', timer: setTimeout(() => this.#write(), delayMs) })
    } else {
      this.#write()
    }
  }

  #write({ onlyLastSeen } = { onlyLastSeen: false }): void {
    const { queue, write } = this.#deps
    const batch = queue.next()
    if (batch === undefined) {
      this.#enter({ type: 'idle' })
      return
    }
    const writing: Writing = { type: 'writing', onlyLastSeen, continueAt: queue.batchesToGo > 0 ? ticks() : null }
    this.#enter(writing)
    void write(batch).then((outcome) => this.#finish(writing, outcome))
  }

  #finish(writing: Writing, outcome: WriteOutcome): void {
    switch (outcome.type) {
      case 'written': {
        this.#succeed(outcome)
        this.#continue(writing.continueAt)
        return
      }
      case 'reopened': {
        this.#deps.onReopened(outcome, this.#deps.queue.reopen(outcome.saved))
        this.#continue(ticks())
        return
      }
      case 'failed': {
        if (!writing.onlyLastSeen) {
          this.#fail(outcome)
          return
        }
        // The batch stays queued and goes with the next one. Only `stop` can be waiting for it, and does not insist.
        if (writing.continueAt === null) {
          this.#release(Infinity)
        }
        this.#continue(writing.continueAt)
        return
      }
    }
  }

  #continue(at: number | null): void {
    if (this.#state.type === 'stopped') {
      return
    }
    if (at === null) {
      this.#enter({ type: 'idle' })
    } else {
      this.#writeAfter(at - ticks())
    }
  }

  #succeed({ seconds, refused }: Written): void {
    const { queue, log, onWrite, onWriteError } = this.#deps
    queue.acknowledge(refused.filter(({ callEnded }) => callEnded).length)
    onWrite(seconds)
    for (const { detail } of refused) {
      onWriteError('other')
      log.error({ detail }, 'a record could not be written to the call log: this is a bug, please report it')
    }
    if (this.#failing !== undefined) {
      log.info({ attempts: this.#failures, pending: queue.pending }, 'the call log is written again')
      this.#failing = undefined
      this.#failures = 0
    }
    this.#release(queue.acknowledgedNumber)
  }

  #fail({ reason, detail }: Failed): void {
    const { queue, log, onWriteError } = this.#deps
    onWriteError(reason)
    this.#failures += 1
    if (this.#failing !== reason) {
      this.#failing = reason
      log.error({ reason, detail, pending: queue.pending }, 'the call log cannot be written; calls wait in memory')
    }
    if (this.#state.type !== 'stopped') {
      const delayMs = Math.min(this.#lastRetryMs, FIRST_RETRY_MS * 2 ** (this.#failures - 1))
      this.#enter({ type: 'backingOff', timer: setTimeout(() => this.#write(), delayMs) })
    }
  }

  #whenWritten(): Promise<void> {
    return new Promise((done) => {
      this.#waiters.push({ number: this.#deps.queue.lastNumber, done })
    })
  }

  #release(upTo: number): void {
    const released = this.#waiters.filter(({ number }) => number <= upTo)
    this.#waiters = this.#waiters.filter(({ number }) => number > upTo)
    for (const { done } of released) {
      done()
    }
  }
}
