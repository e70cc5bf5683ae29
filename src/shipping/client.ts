// The main thread's side of the shipping thread: starts it, has delivered entries removed, says what becomes of them, stops it.
//
// A thread that ends by itself is started again, after the same times as a delivery that failed. Without sinks there is no thread.

import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { terminationOf } from '../calllog/sqliteThread.ts'
import type { Settled } from '../calllog/writer/outbox.ts'
import type { Logger } from '../log.ts'
import { moduleFile } from '../process/moduleFile.ts'
import { backOffMs } from './backOff.ts'
import type { LoopReport } from './loop.ts'
import type { FromShipping, ShippingSettings, ToShipping } from './protocol.ts'
import type { SinkFailureReason, SinkName } from './sink.ts'

export interface ShippingDependencies {
  readonly log: Logger
  /** Removes entries from the call log; resolves with why it was not done, or with null. */
  readonly settle: (settled: Settled) => Promise<string | null>
  readonly counters: {
    shipped(sink: SinkName, entries: number): void
    refused(sink: SinkName, entries: number): void
    failed(sink: SinkName, reason: SinkFailureReason): void
  }
  /** The wall clock, epoch ms. */
  readonly now: () => number
  /** A monotonic clock, ms. */
  readonly ticks: () => number
  /** 0..1 */
  readonly random: () => number
  /** Starts the thread; tests replace it. */
  readonly spawn?: (settings: ShippingSettings) => Worker
}

/** What waits for a sink. */
export interface SinkState {
  readonly sink: SinkName
  readonly rows: number
  /** How long the oldest entry has waited; 0 if there is none. */
  readonly oldestSeconds: number
}

export interface Shipping {
  states(): readonly SinkState[]
  /** Aborts what is under way; what was not delivered goes with the next start. Resolves when the thread has ended. */
  stop(): Promise<void>
}

// A sink that does not let go keeps the thread from ending.
const THREAD_ENDS_WITHIN_MS = 1_000

/** A thread that has run for so long counts as started well. */
const RAN_WELL_MS = 60_000

/** Starts the thread. */
export function startShipping(settings: ShippingSettings, deps: ShippingDependencies): Shipping {
  const { log, settle, ticks, random, spawn = spawnShipping } = deps
  const sinks = settings.sinks.map(({ name }) => createSinkLog(name, deps))
  let worker: Worker | undefined
  let terminate = (): Promise<void> => Promise.resolve()
  let restart: NodeJS.Timeout | undefined
  let failures = 0
  let ended = Promise.resolve()
  let isStopping = false

  function start(): void {
    const thread = spawn(settings)
    const startedAt = ticks()
    worker = thread
    terminate = terminationOf(thread)
    const post = (message: ToShipping): void => thread.postMessage(message)
    let problem = 'it ended without a reason'
    thread.on('message', (message: FromShipping) => {
      switch (message.type) {
        case 'report': {
          sinks.find(({ name }) => name === message.sink)?.take(message.report)
          return
        }
        case 'settle': {
          const { number, settled } = message
          void settle(settled).then((outcome) => post({ type: 'settled', number, problem: outcome }))
          return
        }
        case 'loaded': {
          return
        }
      }
    })
    thread.on('error', (error) => {
      problem = error instanceof Error ? error.message : String(error)
    })
    ended = new Promise((resolve) => {
      thread.on('exit', () => {
        worker = undefined
        resolve()
        if (isStopping) {
          return
        }
        failures = ticks() - startedAt > RAN_WELL_MS ? 1 : failures + 1
        for (const sink of sinks) {
          sink.take({ type: 'failed', reason: 'other', detail: `the shipping thread: ${problem}`, isFinal: false })
        }
        restart = setTimeout(start, backOffMs(failures, random()))
      })
    })
  }

  if (settings.sinks.length > 0) {
    log.info(
      { sinks: settings.sinks.map(({ name }) => name) },
      'the outbox of the call log is delivered to these sinks',
    )
    start()
  }
  return {
    states: () => sinks.map((sink) => sink.state()),
    async stop() {
      isStopping = true
      clearTimeout(restart)
      const thread = worker
      const message: ToShipping = { type: 'stop' }
      thread?.postMessage(message)
      await Promise.race([ended, sleep(THREAD_ENDS_WITHIN_MS, undefined, { ref: false })])
      await terminate()
    },
  }
}

interface SinkLog {
  readonly name: SinkName
  take(report: LoopReport): void
  state(): SinkState
}

/** Counts and logs what becomes of one sink: a failure when it begins, when its reason changes and when it is over. */
function createSinkLog(sink: SinkName, { log, counters, now }: ShippingDependencies): SinkLog {
  let waiting: { readonly rows: number; readonly since: number | null } = { rows: 0, since: null }
  let failing: SinkFailureReason | undefined
  let attempts = 0
  let heldBack: string | undefined
  return {
    name: sink,
    state: () => ({
      sink,
      rows: waiting.rows,
      oldestSeconds: waiting.since === null ? 0 : Math.max(0, now() - waiting.since) / 1000,
    }),
    take(report) {
      switch (report.type) {
        case 'waiting': {
          waiting = report
          heldBack = report.rows === 0 ? undefined : heldBack
          return
        }
        case 'heldBack': {
          for (const { reason, detail } of report.failures) {
            counters.failed(sink, reason)
            if (detail !== heldBack) {
              heldBack = detail
              log.warn(
                { sink, reason, detail },
                'an entry of the outbox is not taken: it is tried again, the others go on',
              )
            }
          }
          return
        }
        case 'shipped': {
          counters.shipped(sink, report.entries)
          counters.refused(sink, report.refused.length)
          for (const { outboxId, detail } of report.refused) {
            log.error(
              { sink, entry: outboxId, detail },
              'an entry of the outbox was refused: it is kept in the table outbox_refused of the call log',
            )
          }
          if (failing !== undefined) {
            log.info({ sink, attempts }, 'this sink takes deliveries again')
          }
          failing = undefined
          attempts = 0
          return
        }
        case 'failed': {
          const { reason, detail, isFinal } = report
          counters.failed(sink, reason)
          attempts += 1
          if (failing !== reason) {
            failing = reason
            log[isFinal ? 'error' : 'warn'](
              { sink, reason, detail, waiting: waiting.rows },
              isFinal
                ? 'nothing is delivered to this sink any more until the program is restarted; calls wait in the call log'
                : 'the outbox cannot be delivered to this sink: its entries wait in the call log',
            )
          }
          return
        }
      }
    },
  }
}

// The environment contains secrets, and the thread needs none of it.
function spawnShipping(settings: ShippingSettings): Worker {
  return new Worker(moduleFile('worker', import.meta.url), { name: 'shipping', workerData: settings, env: {} })
}
