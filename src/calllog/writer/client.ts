// The main thread's side of the writer thread: opens the database, passes one batch at a time, closes.
//
// A thread that ends, because of an exception or because its file was lost, fails at most one batch. The next write starts a new
// thread and results in `reopened` before anything is written.

import { Worker } from 'node:worker_threads'
import type { Action } from '../../control/action.ts'
import { moduleFile } from '../../process/moduleFile.ts'
import { CallLogOpenError } from '../file/openError.ts'
import { errorText, reopenErrorReason } from '../file/writeError.ts'
import type { Removed } from './backFill.ts'
import type { Settled } from './outbox.ts'
import type {
  Batch,
  Failed,
  FromWriter,
  Lost,
  PruneOutcome,
  Quarantined,
  SavedState,
  SpillRead,
  ToWriter,
  WriteOutcome,
  WriterSettings,
  Written,
} from './protocol.ts'

/** The writer thread, as the main thread uses it. */
export interface WriterThread {
  readonly saved: SavedState
  /** The damaged file that was at the path at the start; usually null. */
  readonly quarantined: Quarantined | null
  /** The spill file of an earlier run; usually null. */
  readonly spill: SpillRead | null
  /** Entries of the outbox that were removed at the start, by the sink that is not configured any more. */
  readonly removed: Removed
  /** Resolves when the batch is on disk or has failed, or when the file was reopened instead; never rejects. One at a time. */
  write(batch: Batch): Promise<WriteOutcome>
  /** Removes delivered entries of the outbox and sets refused ones aside. Resolves with why it was not done, or with null. */
  settle(settled: Settled): Promise<string | null>
  /** Writes an action, or its outcome. Resolves with why it was not done, or with null. */
  noteAction(action: Action): Promise<string | null>
  /** Resolves when the database is closed and the lock released. */
  close(): Promise<void>
}

/** Starts the thread; tests replace it to get hold of the thread. */
export type SpawnWriter = (settings: WriterSettings) => Worker

export interface WriterThreadDependencies {
  readonly onPrune: (outcome: PruneOutcome) => void
  /** The size of the write-ahead log has changed; called with a delay. */
  readonly onWal: (bytes: number) => void
  /** The thread has ended because the file was lost or an exception was thrown. Called before the outstanding batch fails for it. */
  readonly onLost: (lost: Lost) => void
  /** Whether the program can continue with a reopened file of this state. */
  readonly accepts: (saved: SavedState) => boolean
  readonly spawn?: SpawnWriter
}

/** Opens the database in a new thread; rejects with a `CallLogOpenError`. */
export async function openWriterThread(
  settings: WriterSettings,
  dependencies: WriterThreadDependencies,
): Promise<WriterThread> {
  const { accepts, spawn = spawnWriter } = dependencies
  let current: Connection | undefined
  const connect = async (): Promise<Connection> => {
    const connection = await openConnection(spawn(settings), dependencies)
    current = connection
    void connection.ended.then(() => {
      current = undefined
    })
    return connection
  }
  const reconnect = async (): Promise<WriteOutcome> => {
    try {
      const connection = await connect()
      const { saved, quarantined } = connection
      if (accepts(saved)) {
        return { type: 'reopened', saved, quarantined }
      }
      await connection.close()
      return { type: 'failed', reason: 'replaced', detail: OTHER_LOG }
    } catch (error) {
      return { type: 'failed', reason: reopenErrorReason(error), detail: errorText(error) }
    }
  }
  const { saved, quarantined, spill, removed } = await connect()
  return {
    removed,
    saved,
    quarantined,
    spill,
    write: (batch) => current?.write(batch) ?? reconnect(),
    settle: (settled) => current?.settle(settled) ?? Promise.resolve('the call log is not open'),
    noteAction: (action) => current?.noteAction(action) ?? Promise.resolve('the call log is not open'),
    close: async () => {
      await current?.close()
    },
  }
}

const OTHER_LOG = 'another call log is at the path of the one that was open; move it elsewhere, or restart to use it'

interface Connection {
  readonly saved: SavedState
  readonly quarantined: Quarantined | null
  readonly spill: SpillRead | null
  readonly removed: Removed
  /** Resolves when the thread has ended, for any reason. */
  readonly ended: Promise<void>
  write(batch: Batch): Promise<Written | Failed>
  settle(settled: Settled): Promise<string | null>
  noteAction(action: Action): Promise<string | null>
  close(): Promise<void>
}

function openConnection(
  worker: Worker,
  { onPrune, onWal, onLost }: Pick<WriterThreadDependencies, 'onPrune' | 'onWal' | 'onLost'>,
): Promise<Connection> {
  const post = (message: ToWriter): void => worker.postMessage(message)
  let answer: (outcome: Written | Failed) => void = () => undefined
  let last = new CallLogOpenError('other', 'DB_PATH: the thread that writes the call log did not start')
  let isOpen = false
  const settling = new Map<number, (problem: string | null) => void>()
  let lastSettled = 0
  let lost: Lost | undefined
  const askFor = (message: (number: number) => ToWriter): Promise<string | null> =>
    new Promise((resolveSettled) => {
      lastSettled += 1
      settling.set(lastSettled, resolveSettled)
      post(message(lastSettled))
    })
  return new Promise((resolve, reject) => {
    const ended = new Promise<void>((resolveEnded) => {
      worker.on('exit', () => {
        resolveEnded()
        if (lost !== undefined) {
          onLost(lost)
        }
        for (const settle of settling.values()) {
          settle('the thread that writes the call log ended')
        }
        settling.clear()
        answer({ type: 'failed', reason: lost?.reason ?? 'other', detail: lost?.detail ?? last.message })
        // The thread has closed the database. Has no effect if the promise was resolved by `opened`.
        reject(last)
      })
    })
    worker.on('error', (error) => {
      const detail = `the thread that writes the call log ended: ${errorText(error)}`
      last = new CallLogOpenError('other', `DB_PATH: ${detail}`)
      if (isOpen) {
        lost = { type: 'lost', reason: 'other', detail, quarantined: null }
      }
    })
    worker.on('message', (message: FromWriter) => {
      switch (message.type) {
        case 'opened': {
          isOpen = true
          resolve({
            saved: message.saved,
            quarantined: message.quarantined,
            spill: message.spill,
            removed: message.removed,
            ended,
            write: (batch) =>
              new Promise((settle) => {
                answer = settle
                post({ type: 'write', batch })
              }),
            settle: (settled) => askFor((number) => ({ type: 'settle', number, settled })),
            noteAction: (action) => askFor((number) => ({ type: 'action', number, action })),
            close: () => {
              post({ type: 'close' })
              return ended
            },
          })
          return
        }
        case 'refused': {
          last = new CallLogOpenError(message.reason, message.message)
          return
        }
        case 'written':
        case 'failed': {
          answer(message)
          return
        }
        case 'settled': {
          settling.get(message.number)?.(message.problem)
          settling.delete(message.number)
          return
        }
        case 'lost': {
          lost = message
          return
        }
        case 'wal': {
          onWal(message.bytes)
          return
        }
        case 'pruned':
        case 'notPruned': {
          onPrune(message)
          return
        }
      }
    })
  })
}

function spawnWriter(settings: WriterSettings): Worker {
  return new Worker(moduleFile('worker', import.meta.url), { name: 'calllog', workerData: settings })
}
