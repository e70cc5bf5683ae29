// The main thread's end of the writer's thread: opens, hands over one batch at a time, closes.
//
// A thread that dies is a failed batch like any other: the next batch starts a new one. The file that the thread runs
// is this one's neighbour, TypeScript in the sources and JavaScript in the built program.

import { Worker } from 'node:worker_threads'
import type { Batch, FromWriter, PruneOutcome, Recall, ToWriter, WriteOutcome, WriterSettings } from './message.ts'
import { CallLogOpenError } from './openError.ts'
import { errorText } from './writeError.ts'

/** The writer, as the main thread sees it. */
export interface WriterThread {
  readonly recall: Recall
  /** Resolves when the batch is on disk or has failed; never rejects. One at a time. */
  write(batch: Batch): Promise<WriteOutcome>
  /** Resolves when the database is closed and the lock is free. */
  close(): Promise<void>
}

/** Starts the thread's program; a test may want to know the thread. */
export type SpawnWriter = (settings: WriterSettings) => Worker

export interface WriterThreadDependencies {
  readonly onPrune: (outcome: PruneOutcome) => void
  readonly spawn?: SpawnWriter
}

/** Opens the database in a thread of its own; rejects with a `CallLogOpenError`. */
export async function openWriterThread(
  settings: WriterSettings,
  { onPrune, spawn = spawnWriter }: WriterThreadDependencies,
): Promise<WriterThread> {
  let current: Connection | undefined
  const connect = async (): Promise<Connection> => {
    const connection = await openConnection(spawn(settings), onPrune)
    current = connection
    void connection.gone.then(() => {
      current = undefined
    })
    return connection
  }
  const { recall } = await connect()
  return {
    recall,
    write: async (batch) => {
      try {
        const connection = current ?? (await connect())
        return await connection.write(batch)
      } catch (error) {
        return { type: 'failed', reason: 'other', detail: errorText(error) }
      }
    },
    close: async () => {
      await current?.close()
    },
  }
}

interface Connection {
  readonly recall: Recall
  /** Resolves when the thread has ended, for whatever reason. */
  readonly gone: Promise<void>
  write(batch: Batch): Promise<WriteOutcome>
  close(): Promise<void>
}

function openConnection(worker: Worker, onPrune: (outcome: PruneOutcome) => void): Promise<Connection> {
  const post = (message: ToWriter): void => worker.postMessage(message)
  let answer: (outcome: WriteOutcome) => void = () => undefined
  let last = new CallLogOpenError('other', 'DB_PATH: the thread that writes the call log did not start')
  return new Promise((resolve, reject) => {
    const gone = new Promise<void>((ended) => {
      worker.on('exit', () => {
        answer({ type: 'failed', reason: 'other', detail: last.message })
        ended()
        // Only now is the database closed; nothing happens where it was opened before.
        reject(last)
      })
    })
    worker.on('error', (error) => {
      last = new CallLogOpenError('other', `DB_PATH: the thread that writes the call log ended: ${errorText(error)}`)
    })
    worker.on('message', (message: FromWriter) => {
      switch (message.type) {
        case 'opened': {
          resolve({
            recall: message.recall,
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
  const file = import.meta.url.endsWith('.ts') ? './writer.ts' : './writer.js'
  return new Worker(new URL(file, import.meta.url), { name: 'calllog', workerData: settings })
}
