// Which leg's voice to look at next, and what is known of the voice of each.
//
// Each conversation is looked at once, 8 s after it began; then those in which something is or seems wrong most often, the others in
// turn. Nothing waits in a queue: what is due is found at each question, so that with too many legs all are looked at more rarely. Only
// legs in conversation are asked about (call/views/talkingLegs.ts). Reads no clock: every question and answer says what time it is.

import type { PbxEvent, VoiceProblem } from '../call/event.ts'
import type { TalkingLeg } from '../call/views/talkingLegs.ts'
import { firstJudgement, type Judgement, nextJudgement, type Trouble } from './judgement.ts'
import type { VoiceAnswer, VoiceQuestion } from './question.ts'

/** The first look at a conversation: by then both sides have sent for some seconds. */
export const FIRST_LOOK_MS = 8_000

/** A conversation that has waited for so long is no longer looked at before the others. */
const FIRST_LOOK_LATE_MS = 15_000

/** Pause after a look at a leg, and after one that showed that something is or may be wrong. */
const LOOK_AGAIN_MS = 4_000
const DOUBT_AGAIN_MS = 2_000

/** How often new conversations are looked for. */
const LIST_AGAIN_MS = 1_000

export interface VoiceWatchDependencies {
  readonly talkingLegs: () => Iterable<TalkingLeg>
  readonly talkingLeg: (channelId: string) => TalkingLeg | null
  /** The first judgement of a conversation, and each that differs from the one before. */
  readonly tell: (event: Extract<PbxEvent, { type: 'VoiceJudged' }>) => void
}

/** A leg whose voice is known. */
export interface JudgedLeg {
  readonly role: TalkingLeg['role']
  readonly problem: VoiceProblem | null
}

/** A source of questions for `ari/questions/`. */
export interface VoiceWatch {
  /** The question that is due most at this time of the PBX (epoch ms). */
  next(at: number): VoiceQuestion | null
  answered(question: VoiceQuestion, answer: VoiceAnswer, at: number): void
  failed(question: VoiceQuestion, failure: 'gone' | 'refused' | 'no_answer', at: number): void
  /** The legs that were looked at and still are in the same conversation. */
  legs(): Iterable<JudgedLeg>
}

interface Watched {
  since: number
  /** When it was last asked about. */
  askedAt: number | null
  /** The channel is gone, or has no such statistics. */
  isUseless: boolean
  judgement: Judgement | null
  /** The latest pass over all legs that found it. */
  pass: number
}

export function createVoiceWatch({ talkingLegs, talkingLeg, tell }: VoiceWatchDependencies): VoiceWatch {
  const watched = new Map<string, Watched>()
  let pass = 0
  let listedAt = Number.NEGATIVE_INFINITY

  function watch({ channelId, since }: TalkingLeg): Watched {
    const found = watched.get(channelId)
    if (found?.since === since) {
      return found
    }
    const fresh = { since, askedAt: null, isUseless: found?.isUseless ?? false, judgement: null, pass }
    watched.set(channelId, fresh)
    return fresh
  }

  // Going through all calls takes much longer than going through what is watched.
  function list(at: number): void {
    if (at >= listedAt && at < listedAt + LIST_AGAIN_MS) {
      return
    }
    listedAt = at
    pass += 1
    for (const leg of talkingLegs()) {
      watch(leg).pass = pass
    }
    for (const [channelId, one] of watched) {
      if (one.pass !== pass) {
        watched.delete(channelId)
      }
    }
  }

  function mostDue(at: number): string | null {
    let most: { readonly channelId: string; readonly due: Due } | null = null
    for (const [channelId, one] of watched) {
      const due = dueOf(one, at)
      if (due !== null && (most === null || isBefore(due, most.due))) {
        most = { channelId, due }
      }
    }
    return most?.channelId ?? null
  }

  return {
    next(at) {
      list(at)
      for (let channelId = mostDue(at); channelId !== null; channelId = mostDue(at)) {
        const since = watched.get(channelId)?.since
        const leg = talkingLeg(channelId)
        if (leg?.since === since) {
          return { about: 'voice', channelId }
        }
        // Its conversation ended, or another began, since the legs were listed.
        watched.delete(channelId)
      }
      return null
    },
    answered({ channelId }, counts, at) {
      const leg = talkingLeg(channelId)
      if (leg === null || at < leg.since + FIRST_LOOK_MS) {
        return
      }
      const one = watch(leg)
      const before = one.judgement
      one.askedAt = at
      one.judgement = before === null ? firstJudgement(counts, at) : nextJudgement(before, counts, at)
      const { trouble } = one.judgement
      if (before === null || !isSame(trouble, before.trouble)) {
        tell({ type: 'VoiceJudged', at, channelId, trouble })
      }
    },
    failed({ channelId }, failure, at) {
      const one = watched.get(channelId)
      if (one !== undefined) {
        one.askedAt = at
        one.isUseless ||= failure !== 'no_answer'
      }
    },
    *legs() {
      for (const { channelId, since, role } of talkingLegs()) {
        const one = watched.get(channelId)
        if (one?.since === since && one.judgement !== null) {
          yield { role, problem: one.judgement.trouble?.problem ?? null }
        }
      }
    },
  }
}

interface Due {
  readonly isUrgent: boolean
  readonly since: number
}

// Null: not yet.
function dueOf({ since, askedAt, isUseless, judgement }: Watched, at: number): Due | null {
  if (isUseless) {
    return null
  }
  if (askedAt === null) {
    const first = since + FIRST_LOOK_MS
    return at < first ? null : { isUrgent: at < since + FIRST_LOOK_LATE_MS, since: first }
  }
  const isDoubtful = judgement !== null && (judgement.trouble !== null || judgement.silence !== null)
  const next = askedAt + (isDoubtful ? DOUBT_AGAIN_MS : LOOK_AGAIN_MS)
  return at < next ? null : { isUrgent: isDoubtful, since: next }
}

function isBefore(one: Due, other: Due): boolean {
  return one.isUrgent === other.isUrgent ? one.since < other.since : one.isUrgent
}

function isSame(one: Trouble | null, other: Trouble | null): boolean {
  return one?.problem === other?.problem && one?.side === other?.side
}
