// The gauge of the legs in conversation by what is wrong with their voice now.

import type { VoiceProblem } from '../call/event.ts'
import { LIVE_VOICE, VOICE_ROLES, type VoiceRole } from './catalogue/labelValues.ts'
import type { Instruments } from './registry.ts'

/** A leg whose voice is known; `problem` is null if nothing is wrong. */
export interface KnownVoice {
  readonly role: VoiceRole
  readonly problem: VoiceProblem | null
}

/** Sets it, or removes it while nothing is known (null). */
export function setLegsLive(instruments: Instruments, legs: Iterable<KnownVoice> | null): void {
  instruments.clearGauge('legsLive')
  if (legs === null) {
    return
  }
  const counts = new Map<string, number>()
  for (const { role, problem } of legs) {
    const key = `${role} ${problem ?? 'none'}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  for (const role of VOICE_ROLES) {
    for (const problem of LIVE_VOICE) {
      instruments.setGauge('legsLive', { role, problem }, counts.get(`${role} ${problem}`) ?? 0)
    }
  }
}
