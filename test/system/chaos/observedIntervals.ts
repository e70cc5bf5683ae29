// When the program could see the PBX: read from what it logged, cut by what was done to it.
//
// The truth comes from both sides: the program says when it had compared itself with the PBX and when it lost it; a
// fault that made it blind says so too, for that is earlier than the program can know.

import { DISCONNECT_REASONS } from '../../../src/ari/disconnect.ts'
import type { Life } from './programUnderTest.ts'

/** What happened this shortly before a loss may still have been on its way; a busy machine was seen to take 90 ms. */
export const ON_ITS_WAY_MS = 150

/** What ended this shortly before a `kill -9` may not be on disk: the promise of the call log. */
export const NOT_YET_ON_DISK_MS = 100

/** A stretch of sight; epoch ms. Between `certainTo` and `to` a call may have been seen or not. */
export interface Sight {
  readonly from: number
  readonly certainTo: number
  readonly to: number
}

/** The stretches of all lives, in order. `blinded`: the instants of faults after which nothing more could come. */
export function sightOf(lives: readonly Life[], blinded: readonly number[]): readonly Sight[] {
  return lives.flatMap((life) => sightOfLife(life)).map((sight) => cut(sight, blinded))
}

interface Line {
  readonly time: string
  readonly msg: string
  readonly reason?: string
}

function sightOfLife({ output, end }: Life): readonly Sight[] {
  const found: Sight[] = []
  let from: number | null = null
  const close = (to: number, margin: number): void => {
    if (from !== null) {
      found.push({ from, certainTo: to - margin, to })
    }
    from = null
  }
  for (const line of linesOf(output())) {
    if (line.msg === 'live calls compared with the PBX') {
      from = Date.parse(line.time)
    } else if (line.msg === 'stopping' || isLoss(line)) {
      close(Date.parse(line.time), ON_ITS_WAY_MS)
    }
  }
  close(end?.at ?? Date.now(), end?.by === 'SIGKILL' ? NOT_YET_ON_DISK_MS : ON_ITS_WAY_MS)
  return found
}

function isLoss({ reason }: Line): boolean {
  return DISCONNECT_REASONS.some((known) => known === reason)
}

function linesOf(output: string): readonly Line[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line))
}

function cut(sight: Sight, blinded: readonly number[]): Sight {
  const at = blinded.find((one) => one >= sight.from && one < sight.to)
  return at === undefined ? sight : { from: sight.from, certainTo: at - ON_ITS_WAY_MS, to: at }
}

/** Their length together. */
export function secondsOf(sights: readonly Sight[]): number {
  return Math.round(sights.reduce((sum, sight) => sum + sight.to - sight.from, 0) / 1000)
}
