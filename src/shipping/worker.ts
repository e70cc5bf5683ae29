// The shipping thread: delivers the outbox of the call log to the sinks. Started by client.ts; ended by `stop`.

import { parentPort, workerData } from 'node:worker_threads'
import { loadSqlite } from '../calllog/file/loadSqlite.ts'
import type { ShippingSettings } from './protocol.ts'
import { serve } from './serve.ts'
import { LOOPS, openSink } from './sinks.ts'

if (parentPort !== null) {
  loadSqlite(parentPort)
  const { path, sinks, loop }: ShippingSettings = workerData
  const opened = sinks.map(async (settings) => ({
    sink: await openSink(settings),
    options: { ...LOOPS[settings.name], ...loop },
  }))
  serve(parentPort, path, await Promise.all(opened))
}
