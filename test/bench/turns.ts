// Two runners take the same frames in turns, and the processor time of each turn is measured, of all threads.
//
// A turn is so few frames that hundreds of them fit, until their rows are on disk. Which of the two is first alternates in the order
// of ABBA.

import type { Runner } from './pipelineParts.ts'

const FRAMES_A_TURN = 500

/** The processor time of a turn, in µs: with what is measured, and without. */
export interface Turn {
  readonly value: number
  readonly floor: number
}

/** Takes all frames in turns. */
export async function takeInTurns(
  { frames }: { readonly frames: readonly string[] },
  { withIt, without }: { readonly withIt: Runner; readonly without: Runner },
): Promise<readonly Turn[]> {
  const taken: Turn[] = []
  for (let from = 0; from < frames.length; from += FRAMES_A_TURN) {
    const turn = frames.slice(from, from + FRAMES_A_TURN).map((text) => Buffer.from(text))
    if (taken.length % 2 === 0) {
      const value = await cpuOf(withIt, turn)
      taken.push({ value, floor: await cpuOf(without, turn) })
    } else {
      const floor = await cpuOf(without, turn)
      taken.push({ value: await cpuOf(withIt, turn), floor })
    }
  }
  return taken
}

async function cpuOf(runner: Runner, frames: readonly Buffer[]): Promise<number> {
  const before = process.cpuUsage()
  await runner.take(frames)
  const { user, system } = process.cpuUsage(before)
  return user + system
}
