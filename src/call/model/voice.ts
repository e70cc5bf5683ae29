// What is wrong with the voices of channels and calls, as far as judgements from outside say (transitions/voice.ts).

import { VOICE_PROBLEMS, type VoiceProblem, type VoiceSide } from '../event.ts'
import type { LegTroubleRecord } from '../fact.ts'

/** What is wrong with the voice of a channel, and what ever was. */
export interface ChannelVoice {
  readonly now: { readonly problem: VoiceProblem; readonly side: VoiceSide } | null
  readonly ever: readonly VoiceProblem[]
}

/** A trouble with the voice of a channel, to be reported with its call. */
export type NewTrouble = Omit<LegTroubleRecord, 'callId'>

/** Shared by all calls without trouble. */
export const NO_TROUBLES: readonly NewTrouble[] = []

/** Takes the troubles with the voices of a call that are not reported yet. */
export function takeVoiceTroubles(call: { voiceTroubles: readonly NewTrouble[] }): readonly NewTrouble[] {
  const troubles = call.voiceTroubles
  call.voiceTroubles = NO_TROUBLES
  return troubles
}

/** The worst of some problems. */
export function worstProblem(problems: readonly (VoiceProblem | null)[]): VoiceProblem | null {
  return VOICE_PROBLEMS.find((problem) => problems.includes(problem)) ?? null
}
