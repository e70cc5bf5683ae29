// Too many requests (points 5, 6 and 8), on the program that listens on meanwhile.
//
// Made in a thread of their own, so that they delay neither the simulated PBX nor the observer.

import { Worker } from 'node:worker_threads'
import { type Acted, type Attack, whileWatched } from './attack.ts'
import { SIEGES } from './sieges.ts'

/** In the order in which they are made. */
export const REQUESTS: readonly Attack[] = Object.entries(SIEGES).map(([name, { point }]) => ({
  point,
  name,
  on: 'the run',
  run: ({ world }) => {
    const { host, port } = world.target
    return whileWatched(world, () => inThread({ name, host, port }))
  },
}))

function inThread(order: { readonly name: string; readonly host: string; readonly port: number }): Promise<Acted> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('siegeThread.ts', import.meta.url), { workerData: order })
    thread.once('message', resolve).once('error', reject)
  })
}
