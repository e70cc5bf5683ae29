// A watch of voices whose legs are looked at every tenth of a second, in the words of a test: what each end sends, and when.

import type { VoiceProblem } from '../../../src/call/event.ts'
import type { TalkingLeg } from '../../../src/call/views/talkingLegs.ts'
import type { VoiceAnswer } from '../../../src/voice/question.ts'
import { createVoiceWatch, type VoiceWatch } from '../../../src/voice/voiceWatch.ts'

export const T0 = 1_800_000_000_000

/** Packets a second of a phone. */
const RATE = 50

/** What passes in a second; `received`: from the phone. */
export interface Flow {
  readonly received?: number
  readonly sent?: number
  readonly receivedLost?: number
  readonly sentLost?: number
  readonly receivedJitterMs?: number
  readonly sentJitterMs?: number
}

/** What a leg was told to be in, and when, in seconds. */
export type Told = readonly [seconds: number, leg: string, trouble: string]

interface Phone extends TalkingLeg {
  flow: Flow
  readonly counts: { received: number; sent: number; receivedLost: number; sentLost: number }
}

/** A question, and how long the leg had talked. */
export interface Asked {
  readonly leg: string
  readonly at: number
  readonly since: number
  readonly talkedMs: number
}

/** Both ends send. */
export const BOTH: Flow = { received: RATE, sent: RATE }
export const ONLY_SENT: Flow = { received: 0, sent: RATE }
export const ONLY_RECEIVED: Flow = { received: RATE, sent: 0 }
export const NEITHER: Flow = { received: 0, sent: 0 }

/** Time passes in steps of a tenth of a second. */
export class Talks {
  readonly told: Told[] = []
  readonly asked: string[] = []
  readonly questions: Asked[] = []
  readonly watch: VoiceWatch
  #now = T0
  readonly #phones = new Map<string, Phone>()
  readonly #perSecond: number

  /** So many questions a second; the leg `a` talks from the beginning. */
  constructor({ perSecond = 5 } = {}) {
    this.#perSecond = perSecond
    this.watch = createVoiceWatch({
      talkingLegs: () => this.#phones.values(),
      talkingLeg: (channelId) => this.#phones.get(channelId) ?? null,
      tell: ({ at, channelId, trouble }) => {
        const text = trouble === null ? 'none' : `${trouble.problem} ${trouble.side}`
        this.told.push([Math.round((at - T0) / 100) / 10, channelId, text])
      },
    })
  }

  get talking(): number {
    return this.#phones.size
  }

  /** What was told last of each leg in its present conversation. */
  latestTold(): readonly string[] {
    return [...this.#phones.values()].flatMap(({ channelId, since }) => {
      const told = this.told.findLast(([seconds, leg]) => leg === channelId && T0 + seconds * 1000 > since)
      return told === undefined ? [] : [told[2].split(' ')[0] ?? '']
    })
  }

  /** A leg is in conversation from now on, with these counts or those that it had. */
  talk(leg: string, flow: Flow = BOTH, counts?: Partial<Phone['counts']>): this {
    const before = { received: 0, sent: 0, receivedLost: 0, sentLost: 0, ...counts }
    this.#phones.set(leg, { channelId: leg, role: 'caller', since: this.#now, flow, counts: before })
    return this
  }

  flows(leg: string, flow: Flow): this {
    const phone = this.#phones.get(leg)
    if (phone !== undefined) {
      phone.flow = flow
    }
    return this
  }

  /** The counts of a new RTP session. */
  restarts(leg: string): this {
    Object.assign(this.#phones.get(leg)?.counts ?? {}, { received: 0, sent: 0, receivedLost: 0, sentLost: 0 })
    return this
  }

  /** The leg is on hold, or gone. */
  stops(leg: string): this {
    this.#phones.delete(leg)
    return this
  }

  /** Time passes, and the legs are asked about. */
  pass(seconds: number): this {
    const until = this.#now + seconds * 1000
    const everyMs = 1000 / this.#perSecond
    while (this.#now < until) {
      const before = Math.floor((this.#now - T0) / everyMs)
      this.#now += 100
      for (const phone of this.#phones.values()) {
        flow(phone)
      }
      if (Math.floor((this.#now - T0) / everyMs) > before) {
        this.ask()
      }
    }
    return this
  }

  ask(): void {
    const question = this.watch.next(this.#now)
    const phone = question === null ? undefined : this.#phones.get(question.channelId)
    if (question === null) {
      return
    }
    this.asked.push(question.channelId)
    const since = phone?.since ?? Number.POSITIVE_INFINITY
    this.questions.push({ leg: question.channelId, at: this.#now, since, talkedMs: this.#now - since })
    if (phone === undefined) {
      this.watch.failed(question, 'gone', this.#now)
    } else {
      this.watch.answered(question, answerOf(phone), this.#now)
    }
  }

  /** The problems that the gauge shows. */
  problems(): readonly (VoiceProblem | null)[] {
    return [...this.watch.legs()].map(({ problem }) => problem)
  }
}

function flow({ flow: { received = 0, sent = 0, receivedLost = 0, sentLost = 0 }, counts }: Phone): void {
  counts.received += received / 10
  counts.sent += sent / 10
  counts.receivedLost += receivedLost / 10
  counts.sentLost += sentLost / 10
}

function answerOf({ counts, flow: { receivedJitterMs = 1, sentJitterMs = 1 } }: Phone): VoiceAnswer {
  return {
    about: 'voice',
    receivedPackets: Math.floor(counts.received),
    sentPackets: Math.floor(counts.sent),
    receivedLost: Math.floor(counts.receivedLost),
    sentLost: Math.floor(counts.sentLost),
    receivedJitterMs,
    sentJitterMs,
    roundTripMs: 20,
  }
}
