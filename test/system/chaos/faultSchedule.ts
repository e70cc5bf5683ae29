// The course of a trial: one fault after the other, with a rest and a recovery between most of them.
//
// Knows no fault and no PBX; which they are and in what order comes from the seed alone.

import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, type Random } from '../../../src/pbx-sim/random.ts'
import { eventually } from '../program/program.ts'
import type { Subject } from './programUnderTest.ts'

const READY_WITHIN_MS = 90_000

export interface Course<Kind extends string> {
  /** What goes wrong, in order. */
  readonly faults: readonly Kind[]
  /** The longest rest between two faults; ms. */
  readonly longestRestMs: number
  readonly random: Random
  readonly subject: Subject
  readonly inflict: (kind: Kind) => Promise<void>
  readonly say: (line: string) => void
}

/** Inflicts them all; resolves when the program has recovered from the last, rejects when it does not come back. */
export async function runCourse<Kind extends string>(course: Course<Kind>): Promise<void> {
  const { faults, longestRestMs, random, subject, inflict, say } = course
  for (const [index, kind] of faults.entries()) {
    await sleep(random.whole(200, longestRestMs))
    say(`${index + 1}/${faults.length} ${kind}`)
    await inflict(kind)
    // Sometimes the next fault comes before it has recovered.
    if (!random.chance(0.15)) {
      await untilReady(subject)
    }
  }
  await untilReady(subject)
}

/** Resolves when the program is in sync; rejects with its last output when it never is. */
export async function untilReady(subject: Subject): Promise<void> {
  await eventually(subject.isReady, Boolean, READY_WITHIN_MS).catch(() => {
    throw new Error(`the program did not come back: ${subject.runs.at(-1)?.output().slice(-3_000)}`)
  })
}

/** Every kind in turn, each round in an order of its own. */
export function drawFaults<Kind>(kinds: readonly Kind[], seed: number, count: number): readonly Kind[] {
  const random = createRandom(seed).fork(3)
  const drawn: Kind[] = []
  while (drawn.length < count) {
    drawn.push(...shuffled(kinds, random))
  }
  return drawn.slice(0, count)
}

function shuffled<Kind>(kinds: readonly Kind[], { next }: Random): readonly Kind[] {
  return kinds
    .map((kind) => ({ kind, place: next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ kind }) => kind)
}

/** How often each of them. */
export function countOf(kinds: readonly string[]): Readonly<Record<string, number>> {
  const count: Record<string, number> = {}
  for (const kind of kinds) {
    count[kind] = (count[kind] ?? 0) + 1
  }
  return count
}
