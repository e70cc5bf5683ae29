// Descriptors that foreign connections use up (point 8): the program reconnects to Asterisk all the same.

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../program/program.ts'
import { type Attack, inWorld, requestText, saying } from './attack.ts'

const DESCRIPTORS = 256
const STRANGERS = 600
const BACK_WITHIN_MS = 20_000

const strangers: Attack = {
  point: 8,
  name: 'strangers that hold connections while Asterisk is lost',
  on: 'its own',
  run: (stage) =>
    inWorld(stage, { callsPerSecond: 20, under: ['prlimit', `--nofile=${DESCRIPTORS}`] }, async (world) => {
      const sockets: Socket[] = []
      for (let count = 0; count < STRANGERS; count++) {
        sockets.push(saying(world.target, requestText('/-/healthy').slice(0, -2)))
        if (count % 50 === 0) {
          await sleep(20)
        }
      }
      const held = await settled(() => sockets.filter(({ readyState }) => readyState === 'open').length)
      world.pauseObservation()
      const begin = performance.now()
      world.pbx.dropSockets()
      // Not asked over HTTP, where there may be no room. The socket that was dropped counts for a moment longer.
      await eventually(world.pbx.listeners, (listeners) => listeners === 0, BACK_WITHIN_MS)
      await eventually(world.pbx.listeners, (listeners) => listeners === 1, BACK_WITHIN_MS)
      const seconds = ((performance.now() - begin) / 1_000).toFixed(1)
      for (const socket of sockets) {
        socket.destroy()
      }
      await eventually(world.subject.isReady, Boolean, BACK_WITHIN_MS)
      world.startObservation()
      return {
        tried: `${held} connections of ${STRANGERS} on ${DESCRIPTORS} descriptors; Asterisk was back after ${seconds} s`,
      }
    }),
}

export const DESCRIPTOR_ATTACKS: readonly Attack[] = [strangers]

/** A count, once it stays the same. */
async function settled(count: () => number): Promise<number> {
  for (let last = -1; last !== count(); await sleep(300)) {
    last = count()
  }
  return count()
}
