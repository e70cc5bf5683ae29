// The main thread's end of the writer's thread: opens, hands over one batch at a time, closes.
//
// A thread that ends, because it died or because its file was lost, is a failed batch at most: the next one starts a new
// thread, and is told `reopened` before anything is written. The file that the thread runs is this one's neighbour,
// TypeScript in the sources and JavaScript in the built program.

import { Worker } from 'node:worker_threads'
import { moduleFile } from '../../process/moduleFile.ts'
import { CallLogOpenError } from '../file/openError.ts'
import { errorText, reopenErrorReason } from '../file/writeError.ts'
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

/** The writer, as the main thread sees it. */
export interface WriterThread {
  readonly saved: SavedState
  /** The damaged file that was there at the start; mostly null. */
  readonly quarantined: Quarantined | null
  /** What an earlier run had left; mostly null. */
  readonly spill: SpillRead | null
  /** Resolves when the batch is on disk or has failed, or when the file had to be opened anew; never rejects. One at a time. */
  write(batch: Batch): Promise<WriteOutcome>
  /** Resolves when the database is closed and the lock is free. */
  close(): Promise<void>
}

/** Starts the thread's program; a test may want to know the thread. */
export type SpawnWriter = (settings: WriterSettings) => Worker

export interface WriterThreadDependencies {
  readonly onPrune: (outcome: PruneOutcome) => void
  /** Told when it has changed, some time later. */
  readonly onWal: (bytes: number) => void
  /** The thread has ended because the file was lost, or died of an exception; told before the batch under way fails for the same reason. */
  readonly onLost: (lost: Lost) => void
  /** Whether a file that is there when it is opened anew can be gone on with. */
  readonly accepts: (saved: SavedState) => boolean
  readonly spawn?: SpawnWriter
}

/** Opens the database in a thread of its own; rejects with a `CallLogOpenError`. */
export async function openWriterThread(
  settings: WriterSettings,
  dependencies: WriterThreadDependencies,
): Promise<WriterThread> {
  const { accepts, spawn = spawnWriter } = dependencies
  let current: Connection | undefined
  const connect = async (): Promise<Connection> => {
    const connection = await openConnection(spawn(settings), dependencies)
    current = connection
    void connection.gone.then(() => {
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
  const { saved, quarantined, spill } = await connect()
  return {
    saved,
    quarantined,
    spill,
    write: (batch) => current?.write(batch) ?? reconnect(),
    close: async () => {
      await current?.close()
    },
  }
}

const OTHER_LOG = 'another call log is in the place of the one that was open; take it away, or start again to use it'

interface Connection {
  readonly saved: SavedState
  readonly quarantined: Quarantined | null
  readonly spill: SpillRead | null
  /** Resolves when the thread has ended, for whatever reason. */
  readonly gone: Promise<void>
  write(batch: Batch): Promise<Written | Failed>
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
  let lost: Lost | undefined
  return new Promise((resolve, reject) => {
    const gone = new Promise<void>((ended) => {
      worker.on('exit', () => {
        ended()
        if (lost !== undefined) {
          onLost(lost)
        }
        answer({ type: 'failed', reason: lost?.reason ?? 'other', detail: lost?.detail ?? last.message })
        // Only now is the database closed; nothing happens where it was opened before.
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
            gone,
            write: (batch) =>
              new Promise((settle) => {
                answer = settle
                post({ type: 'write', batch })
              }),
            close: () => {
              post({ type: 'close' })
              return gone
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
