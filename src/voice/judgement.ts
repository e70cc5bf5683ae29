// What the counts of a leg say of its voice, from one look to the next.
//
// A judgement needs the counts of two looks; the first one uses the counts since the RTP session began. Counts that fell belong to a
// new session: nothing is judged until the look after. Source: answers of Asterisk 22.10 and 16.28 (test/unit/voice/answers).

import type { VoiceProblem, VoiceSide } from '../call/event.ts'
import type { VoiceAnswer } from './question.ts'

/** A phone that suppresses silence pauses; one that is silent for longer, at two looks, cannot be heard. */
export const SILENT_MS = 5_000

/** Two seconds of packets of 20 ms: by then the first packet of the other side has arrived. */
const EXPECTED_PACKETS = 100

/** Share of lost packets, of at least so many; a bound of asterisk_leg_packet_loss_ratio. */
export const LOSS_SHARE = 0.05
const LOSS_PACKETS = 100

/** Asterisk adds up losses every 5 seconds: within less than two such steps, a share would be of other packets than its losses. */
const LOSS_WINDOW_MS = 10_000

/** A bound of asterisk_leg_jitter_seconds; at two looks in a row, because the first values of a session are far too high. */
export const JITTER_MS = 30

/** Counts of 32 bits that fell below 0. */
const IMPLAUSIBLE_LOSS = 2 ** 31

/** What is wrong. */
export interface Trouble {
  readonly problem: VoiceProblem
  readonly side: VoiceSide
}

interface Look {
  readonly at: number
  readonly counts: VoiceAnswer
}

/** What is known after a look. */
export interface Judgement extends Look {
  /** Since which look nothing was received although packets were sent, and how many looks confirmed it; null: something was. */
  readonly silence: { readonly since: number; readonly looks: number } | null
  /** From where losses are counted, and the side on which there were too many before. */
  readonly lossFrom: Look
  readonly lossy: VoiceSide | null
  /** The side with too much jitter at this look. */
  readonly jittery: VoiceSide | null
  readonly trouble: Trouble | null
}

/** By the first look at a leg, at `at` (epoch ms). */
export function firstJudgement(counts: VoiceAnswer, at: number): Judgement {
  const lossy = lossySide(NOTHING, counts) ?? null
  const isMute = isMuteSoFar(counts)
  return {
    at,
    counts,
    silence: null,
    lossFrom: { at, counts },
    lossy,
    jittery: jitterySide(counts),
    trouble: troubleOf({ isMute, lossy, jittery: null }),
  }
}

/** By the next look at the same leg. */
export function nextJudgement(before: Judgement, counts: VoiceAnswer, at: number): Judgement {
  if (hasRestarted(before.counts, counts)) {
    const { lossy, trouble } = before
    return { at, counts, silence: null, lossFrom: { at, counts }, lossy, jittery: null, trouble }
  }
  const silence = silenceAfter(before, counts)
  const losses = lossesAfter(before, { at, counts })
  const jittery = jitterySide(counts)
  const isLongSilence = silence !== null && silence.looks > 1 && at - silence.since >= SILENT_MS
  const isMute = isLongSilence || (silence !== null && isMuteSoFar(counts))
  const isAlive = counts.receivedPackets > before.counts.receivedPackets
  const found = { isMute, lossy: losses.lossy, jittery: isAlive && before.jittery === jittery ? jittery : null }
  return { at, counts, silence, jittery, ...losses, trouble: troubleOf(found) }
}

interface Found {
  readonly isMute: boolean
  readonly lossy: VoiceSide | null
  readonly jittery: VoiceSide | null
}

function troubleOf({ isMute, lossy, jittery }: Found): Trouble | null {
  if (isMute) {
    return { problem: 'one_way', side: 'rx' }
  }
  if (lossy !== null) {
    return { problem: 'loss', side: lossy }
  }
  return jittery === null ? null : { problem: 'jitter', side: jittery }
}

function isMuteSoFar({ receivedPackets, sentPackets }: VoiceAnswer): boolean {
  return receivedPackets === 0 && sentPackets > EXPECTED_PACKETS
}

function hasRestarted(before: VoiceAnswer, now: VoiceAnswer): boolean {
  return now.receivedPackets < before.receivedPackets || now.sentPackets < before.sentPackets
}

// Where nothing is sent either, the media flows past Asterisk or both are silent: nothing is known.
function silenceAfter({ counts: before, at, silence }: Judgement, counts: VoiceAnswer): Judgement['silence'] {
  if (counts.receivedPackets > before.receivedPackets || counts.sentPackets === before.sentPackets) {
    return null
  }
  return { since: silence?.since ?? at, looks: (silence?.looks ?? 0) + 1 }
}

function lossesAfter({ lossFrom, lossy }: Judgement, look: Look): Pick<Judgement, 'lossFrom' | 'lossy'> {
  const found = look.at - lossFrom.at < LOSS_WINDOW_MS ? undefined : lossySide(lossFrom.counts, look.counts)
  return found === undefined ? { lossFrom, lossy } : { lossFrom: look, lossy: found }
}

type Counted = Pick<VoiceAnswer, 'receivedPackets' | 'sentPackets' | 'receivedLost' | 'sentLost'>

const NOTHING: Counted = { receivedPackets: 0, sentPackets: 0, receivedLost: 0, sentLost: 0 }

// Undefined if there were too few packets.
function lossySide(before: Counted, now: Counted): VoiceSide | null | undefined {
  const lostIn = grown(before.receivedLost, now.receivedLost)
  const lostOut = grown(before.sentLost, now.sentLost)
  const expectedIn = now.receivedPackets - before.receivedPackets + lostIn
  const sent = now.sentPackets - before.sentPackets
  if (expectedIn >= LOSS_PACKETS && lostIn / expectedIn > LOSS_SHARE) {
    return 'rx'
  }
  if (sent >= LOSS_PACKETS && lostOut / sent > LOSS_SHARE) {
    return 'tx'
  }
  return expectedIn < LOSS_PACKETS && sent < LOSS_PACKETS ? undefined : null
}

// A loss can become less when packets arrive late.
function grown(before: number | null, now: number | null): number {
  if (now === null || now >= IMPLAUSIBLE_LOSS) {
    return 0
  }
  return Math.max(0, now - (before === null || before >= IMPLAUSIBLE_LOSS ? 0 : before))
}

function jitterySide({ receivedJitterMs, sentJitterMs }: VoiceAnswer): VoiceSide | null {
  if ((receivedJitterMs ?? 0) > JITTER_MS) {
    return 'rx'
  }
  return (sentJitterMs ?? 0) > JITTER_MS ? 'tx' : null
}
