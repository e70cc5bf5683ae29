// What the shipping thread does: runs one loop for each sink over one read-only connection to the call log.

import { setTimeout as delay } from 'node:timers/promises'
import type { MessagePort } from 'node:worker_threads'
import { type OutboxReader, openOutboxReader } from '../calllog/outbox/outboxReader.ts'
import type { Settled } from '../calllog/writer/outbox.ts'
import { ticks } from '../time/clock.ts'
import { type LoopDependencies, type LoopOptions, runLoop } from './loop.ts'
import type { FromShipping, ToShipping } from './protocol.ts'
import type { Sink } from './sink.ts'

export interface ServedSink {
  readonly sink: Sink
  readonly options: LoopOptions
}

/** Ends when `stop` arrives and all sinks are closed. */
export function serve(port: MessagePort, path: string, sinks: readonly ServedSink[]): void {
  const post = (message: FromShipping): void => port.postMessage(message)
  const stopping = new AbortController()
  const outbox = currentReader(path)
  const settling = new Map<number, (problem: string | null) => void>()
  let lastNumber = 0
  const settle: LoopDependencies['settle'] = (settled: Settled) =>
    new Promise((resolve) => {
      lastNumber += 1
      settling.set(lastNumber, resolve)
      post({ type: 'settle', number: lastNumber, settled })
    })
  port.on('message', (message: ToShipping) => {
    switch (message.type) {
      case 'settled': {
        settling.get(message.number)?.(message.problem)
        settling.delete(message.number)
        return
      }
      case 'stop': {
        stopping.abort()
        for (const resolve of settling.values()) {
          resolve('the program stops')
        }
        return
      }
    }
  })
  const loops = sinks.map(({ sink, options }) =>
    runLoop(
      options,
      {
        ...{ sink, reader: outbox.reader, settle, ticks, random: Math.random, sleep },
        report: (report) => post({ type: 'report', sink: sink.name, report }),
      },
      stopping.signal,
    ),
  )
  void Promise.all(loops).finally(() => {
    outbox.close()
    port.close()
  })
}

/** The file that is at the path now. */
function currentReader(path: string): { readonly reader: () => OutboxReader; close(): void } {
  let open: OutboxReader | undefined
  const close = (): void => {
    open?.close()
    open = undefined
  }
  return {
    close,
    reader() {
      if (open !== undefined && !open.isCurrent()) {
        close()
      }
      open ??= openOutboxReader(path)
      return open
    },
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
}
