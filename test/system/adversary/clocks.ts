// Clocks that are set (point 3): back and ahead, while Asterisk is connected and while it is unreachable.
//
// The clock is set in the program only (clock.js); the simulated PBX and the observer use the true one. The delay of events
// cannot be measured then: the clocks of the PBX and of the program differ.

import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../program/program.ts'
import { type Attack, inWorld } from './attack.ts'

const CLOCK = new URL('./clock.js', import.meta.url).href
const STEPS_MS = [-3_000, 3_600_000, -86_400_000, 0]
const LASTS_MS = 1_500

const disconnected: Attack = {
  point: 3,
  name: 'the clock is set while Asterisk is unreachable',
  on: 'its own',
  run: (stage) =>
    inWorld(stage, { callsPerSecond: 20, node: ['--import', CLOCK] }, async (world) => {
      const { pbx, subject } = world
      for (const ms of STEPS_MS) {
        world.pauseObservation()
        await pbx.refuse()
        await eventually(subject.isReady, (isReady) => !isReady)
        subject.program()?.child.send({ clock: ms })
        await sleep(LASTS_MS)
        await pbx.accept()
        await eventually(subject.isReady, Boolean)
        world.startObservation()
        await sleep(LASTS_MS)
      }
      const isRunning = subject.program()?.child.exitCode === null
      return {
        tried: `by ${STEPS_MS.map(shown).join(', ')}; each time it was found again`,
        held: isRunning,
        lagIsUnknown: true,
      }
    }),
}

const heard: Attack = {
  point: 3,
  name: 'the clock is set under calls',
  on: 'its own',
  run: (stage) =>
    inWorld(stage, { callsPerSecond: 20, node: ['--import', CLOCK] }, async ({ subject }) => {
      for (const ms of STEPS_MS) {
        subject.program()?.child.send({ clock: ms })
        await sleep(LASTS_MS)
      }
      return {
        tried: `by ${STEPS_MS.map(shown).join(', ')}, ${LASTS_MS / 1_000} s each`,
        held: await subject.isReady(),
        lagIsUnknown: true,
      }
    }),
}

export const CLOCKS: readonly Attack[] = [disconnected, heard]

function shown(ms: number): string {
  return ms === 0 ? 'back to right' : `${ms > 0 ? '+' : '-'}${Math.abs(ms) / 1_000} s`
}
