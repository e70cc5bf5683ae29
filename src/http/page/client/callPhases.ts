// The phases of a call and of its legs: waiting, ringing, talking.
//
// No I/O; instants are epoch ms. A call or leg that has not ended ends at `to`.

import type { CallDetail, LegEntry } from '../../../query/schema.ts'

/** One section of a bar; instants are epoch ms. */
export interface Phase {
  readonly kind: 'waiting' | 'ringing' | 'talking'
  readonly from: number
  readonly to: number
}

/** The caller waits until the answer, then talks for the duration of the conversation. */
export function phasesOfCall(
  call: Pick<CallDetail, 'start_time' | 'answer_time' | 'end_time' | 'duration'>,
  to: number,
): readonly Phase[] {
  const start = Date.parse(call.start_time)
  const end = at(call.end_time) ?? to
  const answer = at(call.answer_time)
  if (answer === null) {
    return [{ kind: 'waiting', from: start, to: end }]
  }
  const talked = call.end_time === null ? end : Math.min(end, answer + call.duration * 1000)
  return [
    { kind: 'waiting', from: start, to: answer },
    { kind: 'talking', from: answer, to: talked },
  ]
}

/** A leg waits until it rings, and rings until it is answered or ends. */
export function phasesOfLeg(
  leg: Pick<LegEntry, 'start_time' | 'ringing_time' | 'answer_time' | 'end_time'>,
  to: number,
): readonly Phase[] {
  const start = Date.parse(leg.start_time)
  const end = at(leg.end_time) ?? to
  const answer = at(leg.answer_time)
  const ringing = at(leg.ringing_time)
  const waitingUntil = ringing ?? answer ?? end
  const phases: Phase[] = [{ kind: 'waiting', from: start, to: waitingUntil }]
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
