// When the backlog is written: a short while after the first fact, one batch at a time, again and again until it is done.
//
// A fact waits `flushMs` for company at most. A batch that fails is tried again with bounded back-off, for ever, and said
// once: when it begins, when the reason changes, when it is over. What was seen of the PBX goes with a batch, or by itself
// now and then when there is none; that alone never counts as a failure.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { WriteErrorReason } from '../file/writeError.ts'
import type { Batch, Failed, Reopened, WriteOutcome, Written } from './protocol.ts'
import type { Backlog } from './writeQueue.ts'

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 5000
// Whoever stops the program does not wait for long.
const LAST_RETRY_STOPPING_MS = 250

export interface DeliveryDependencies {
  readonly backlog: Backlog
  readonly write: (batch: Batch) => Promise<WriteOutcome>
  readonly log: Logger
  readonly onWrite: (seconds: number) => void
  readonly onWriteError: (reason: WriteErrorReason) => void
  /** The file was opened anew; the backlog knows it already. `missing`: ended calls that are not in it. */
  readonly onReopened: (reopened: Reopened, missing: number) => void
}

/** Takes the backlog to the writer. */
export class Delivery {
  readonly #flushMs: number
  readonly #sightMs: number
  readonly #deps: DeliveryDependencies
  #timer: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #sight: NodeJS.Timeout | undefined
  #due = false
  #busy = false
  #quiet = false
  #stopping = false
  #stopped = false
  #failures = 0
  #failing: WriteErrorReason | undefined
  #waiters: { readonly number: number; readonly done: () => void }[] = []

  constructor(options: { readonly flushMs: number; readonly sightMs: number }, dependencies: DeliveryDependencies) {
    this.#flushMs = options.flushMs
    this.#sightMs = options.sightMs
    this.#deps = dependencies
  }

  /** False from a failed write until the next that succeeds. */
  get writable(): boolean {
    return this.#failing === undefined
  }

  /** Something was appended. */
  wake(): void {
    // A full batch needs no company.
    if (this.#deps.backlog.batchesToGo > 1) {
      this.#push()
    } else if (this.#timer === undefined && !this.#due) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#push()
      }, this.#flushMs)
    }
  }

  /** The PBX was seen. */
  sighted(): void {
    this.#sight ??= setTimeout(() => {
      this.#sight = undefined
      const isIdle = !this.#busy && this.#retry === undefined && this.#timer === undefined
      if (isIdle && this.#deps.backlog.hasNewSight) {
        this.#quiet = true
        this.#deps.backlog.stir()
        this.#push()
      }
    }, this.#sightMs)
  }

  /** The file was lost: it is opened anew soon, whether anything waits or not. */
  lost(failed: Failed): void {
    // A batch that is under way fails by itself, for the same reason.
    if (this.#stopped || (this.#busy && !this.#quiet)) {
      return
    }
    this.#deps.backlog.stir()
    this.#fail(failed)
  }

  /** Resolves when all that was appended before is on disk, however long that takes, or when delivery has stopped. */
  flush(): Promise<void> {
    const { backlog } = this.#deps
    if (backlog.isEmpty) {
      return Promise.resolve()
    }
    return new Promise((done) => {
      this.#waiters.push({ number: backlog.lastNumber, done })
      this.#push()
    })
  }

  /** Writes what waits, and what was seen last, trying for as long as it may take; then stops. */
  async stop(withinMs: number): Promise<void> {
    const { backlog } = this.#deps
    this.#stopping = true
    clearTimeout(this.#sight)
    clearTimeout(this.#retry)
    this.#retry = undefined
    if (backlog.hasNewSight && backlog.isEmpty) {
      this.#quiet = true
      backlog.stir()
    }
    const late = new AbortController()
    const enough = sleep(withinMs, undefined, { signal: late.signal }).catch(() => undefined)
    await Promise.race([this.flush(), enough])
    late.abort()
    this.#stopped = true
    this.#release(Number.POSITIVE_INFINITY)
    clearTimeout(this.#timer)
    clearTimeout(this.#retry)
  }

  #push(): void {
    this.#due = true
    this.#pump()
  }

  #pump(): void {
    const { backlog, write } = this.#deps
    if (this.#busy || this.#retry !== undefined || !this.#due || this.#stopped) {
      return
    }
    const batch = backlog.next()
    if (batch === undefined) {
      this.#due = false
      return
    }
    this.#busy = true
    this.#due = backlog.batchesToGo > 0
    void write(batch).then((outcome) => this.#settle(outcome))
  }

  #settle(outcome: WriteOutcome): void {
    const wasQuiet = this.#quiet
    this.#busy = false
    this.#quiet = false
    switch (outcome.type) {
      case 'written': {
        this.#succeed(outcome)
        this.#pump()
        return
      }
      case 'reopened': {
        this.#deps.onReopened(outcome, this.#deps.backlog.resume(outcome.recall))
        this.#push()
        return
      }
      case 'failed': {
        if (wasQuiet) {
          this.#failQuietly()
        } else {
          this.#fail(outcome)
        }
        return
      }
    }
  }

  // It stays in the backlog and goes with what comes next.
  #failQuietly(): void {
    if (this.#stopping && !this.#due && this.#retry === undefined) {
      this.#release(Number.POSITIVE_INFINITY)
    }
    this.#pump()
  }

  #succeed({ seconds, refused }: Written): void {
    const { backlog, log, onWrite, onWriteError } = this.#deps
    backlog.settle(refused.filter(({ callEnded }) => callEnded).length)
    onWrite(seconds)
    for (const { detail } of refused) {
      onWriteError('other')
      log.error({ detail }, 'a record could not be written to the call log: a defect of this program')
    }
    if (this.#failing !== undefined) {
      log.info({ attempts: this.#failures, pending: backlog.pending }, 'the call log is written again')
      this.#failing = undefined
      this.#failures = 0
    }
    this.#release(backlog.settledNumber)
  }

  #fail({ reason, detail }: Failed): void {
    const { backlog, log, onWriteError } = this.#deps
    onWriteError(reason)
    this.#failures += 1
    const isNews = this.#failing !== reason
    if (isNews) {
      this.#failing = reason
      log.error({ reason, detail, pending: backlog.pending }, 'the call log cannot be written; calls wait in memory')
    }
    this.#due = true
    clearTimeout(this.#retry)
    if (this.#stopped) {
      return
    }
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined
        this.#pump()
      },
      Math.min(this.#stopping ? LAST_RETRY_STOPPING_MS : LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1)),
    )
  }

  #release(upTo: number): void {
    const released = this.#waiters.filter(({ number }) => number <= upTo)
    this.#waiters = this.#waiters.filter(({ number }) => number > upTo)
    for (const { done } of released) {
      done()
    }
  }
}
