// A shipping thread with sinks that do what their names in `address.url` say, for client.test.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { loadSqlite } from '../../../src/calllog/file/loadSqlite.ts'
import type { ShippingSettings } from '../../../src/shipping/protocol.ts'
import { serve } from '../../../src/shipping/serve.ts'
import { type Sink, SinkFailure } from '../../../src/shipping/sink.ts'

const { path, sinks }: ShippingSettings = workerData

function fake(behaviour: string): Sink {
  return {
    name: 'postgres',
    async deliver({ items }, signal) {
      if (behaviour === 'crash') {
        setImmediate(() => {
          throw new Error('a bug')
        })
      }
      if (behaviour === 'hang') {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      }
      if (behaviour === 'never') {
        await new Promise(() => undefined)
      }
      if (behaviour === 'hold' && items.length > 0) {
        const failures = ['500', '500', '404'].map((status) => new SinkFailure('status', `status ${status}`))
        return {
          delivered: items.slice(1).map(({ outboxId }) => outboxId),
          refused: [],
          later: { pauseMs: 1e9, failures },
        }
      }
      if (behaviour !== 'take') {
        throw new SinkFailure('unreachable', process.env['SECRET'] ?? 'nobody is there')
      }
      const delivered = items.slice(1).map(({ outboxId }) => outboxId)
      const refused = items.slice(0, 1).map(({ outboxId }) => ({ outboxId, detail: 'not this one' }))
      return { delivered, refused }
    },
    close: async () => undefined,
  }
}

if (parentPort !== null) {
  loadSqlite(parentPort)
  const options = { parcelSize: 500, waitMs: 0, pollMs: 10, idleMs: 1_000 }
  serve(
    parentPort,
    path,
    sinks.map((settings) => ({ sink: fake(settings.name === 'postgres' ? settings.address.url : ''), options })),
  )
}
