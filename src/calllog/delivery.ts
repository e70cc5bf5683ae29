// When the backlog is written: a short while after the first fact, one batch at a time, again and again until it is done.
//
// A fact waits `flushMs` for company at most. A batch that fails is tried again with bounded back-off, for ever, and said
// once: when it begins, when the reason changes, when it is over.

import type { Logger } from 'pino'
import type { Backlog } from './backlog.ts'
import type { Batch, WriteOutcome } from './message.ts'
import type { WriteErrorReason } from './writeError.ts'

const FIRST_RETRY_MS = 50
const LAST_RETRY_MS = 5000

export interface DeliveryDependencies {
  readonly backlog: Backlog
  readonly write: (batch: Batch) => Promise<WriteOutcome>
  readonly log: Logger
  readonly onWrite: (seconds: number) => void
  readonly onWriteError: (reason: WriteErrorReason) => void
}

type Failed = Extract<WriteOutcome, { type: 'failed' }>
type Written = Extract<WriteOutcome, { type: 'written' }>

/** Takes the backlog to the writer. */
export class Delivery {
  readonly #flushMs: number
  readonly #deps: DeliveryDependencies
  #timer: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #due = false
  #busy = false
  #stopping = false
  #failures = 0
  #failing: WriteErrorReason | undefined
  #waiters: { readonly number: number; readonly done: () => void }[] = []

  constructor(options: { readonly flushMs: number }, dependencies: DeliveryDependencies) {
    this.#flushMs = options.flushMs
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
      this.#due = true
      this.#pump()
    } else if (this.#timer === undefined && !this.#due) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#due = true
        this.#pump()
      }, this.#flushMs)
    }
  }

  /** Resolves when all that was appended before is on disk, however long that takes, or when delivery has stopped. */
  flush(): Promise<void> {
    const { backlog } = this.#deps
    if (backlog.isEmpty) {
      return Promise.resolve()
    }
    return new Promise((done) => {
      this.#waiters.push({ number: backlog.lastNumber, done })
      this.#due = true
      this.#pump()
    })
  }

  /** Writes what waits for as long as that succeeds, then stops. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#retry)
    this.#retry = undefined
    await this.flush()
    clearTimeout(this.#timer)
  }

  #pump(): void {
    const { backlog, write } = this.#deps
    if (this.#busy || this.#retry !== undefined || !this.#due) {
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
    this.#busy = false
    switch (outcome.type) {
      case 'written': {
        this.#succeed(outcome)
        this.#pump()
        return
      }
      case 'failed': {
        this.#fail(outcome)
        return
      }
    }
  }

  #succeed({ seconds, refused }: Written): void {
    const { backlog, log, onWrite, onWriteError } = this.#deps
    backlog.settle()
    onWrite(seconds)
    for (const detail of refused) {
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
    if (this.#failing !== reason) {
      this.#failing = reason
      log.error({ reason, detail, pending: backlog.pending }, 'the call log cannot be written; calls wait in memory')
    }
    this.#due = true
    if (this.#stopping) {
      log.error({ reason, lost: backlog.pending }, 'stopped before the call log could be written')
      this.#release(Number.POSITIVE_INFINITY)
      return
    }
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined
        this.#pump()
      },
      Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1)),
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
