// When a call and its attempts waited, rang and talked.
//
// Pure; instants in epoch ms. What is not over yet ends where it is told to.

import type { CallDetail, LegEntry } from '../../../query/schema.ts'

/** One stretch of a bar; instants in epoch ms. */
export interface Phase {
  readonly kind: 'waiting' | 'ringing' | 'talking'
  readonly from: number
  readonly to: number
}

/** The caller waits until the answer, then talks as long as the conversation lasted. */
export function phasesOfCall(
  story: Pick<CallDetail, 'start_time' | 'answer_time' | 'end_time' | 'duration'>,
  to: number,
): readonly Phase[] {
  const start = Date.parse(story.start_time)
  const end = at(story.end_time) ?? to
  const answer = at(story.answer_time)
  if (answer === null) {
    return [{ kind: 'waiting', from: start, to: end }]
  }
  const talked = story.end_time === null ? end : Math.min(end, answer + story.duration * 1000)
  return [
    { kind: 'waiting', from: start, to: answer },
    { kind: 'talking', from: answer, to: talked },
  ]
}

/** An attempt is silent until it rings, and rings until somebody answers or it ends. */
export function phasesOfLeg(
  leg: Pick<LegEntry, 'start_time' | 'ringing_time' | 'answer_time' | 'end_time'>,
  to: number,
): readonly Phase[] {
  const start = Date.parse(leg.start_time)
  const end = at(leg.end_time) ?? to
  const answer = at(leg.answer_time)
  const ringing = at(leg.ringing_time)
  const quietUntil = ringing ?? answer ?? end
  const phases: Phase[] = [{ kind: 'waiting', from: start, to: quietUntil }]
  if (ringing !== null) {
    phases.push({ kind: 'ringing', from: ringing, to: answer ?? end })
  }
  if (answer !== null) {
    phases.push({ kind: 'talking', from: answer, to: end })
  }
  return phases
}

/** Epoch ms of an instant of the API. */
export function at(iso: string): number
export function at(iso: string | null): number | null
export function at(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso)
}
