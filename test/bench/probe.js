// Looks at a process from inside, when its parent asks: processor time, memory, how long its event loop was held up.
//
// Loaded before the program (`node --import`). Plain JavaScript, or the translation of types would be measured with it.
// The only way by which the benchmarks touch what they measure; a timer each 5 ms is all that it costs.

import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const EVERY_MS = 5

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS })
  delay.enable()
  // Each delay has the timer's own pause in it.
  const heldUpMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - EVERY_MS)
  process.on('message', (message) => {
    if (message?.probe === undefined) {
      return
    }
    if (message.collect) {
      globalThis.gc?.()
    }
    const { user, system } = process.cpuUsage()
    process.send({
      probe: message.probe,
      cpuMs: (user + system) / 1000,
      heapBytes: process.memoryUsage().heapUsed,
      activeMs: performance.eventLoopUtilization().active,
      loopP99Ms: heldUpMs(delay.percentile(99)),
      loopMaxMs: heldUpMs(delay.max),
    })
    delay.reset()
  })
  process.once('disconnect', () => process.exit())
  process.channel?.unref()
}
