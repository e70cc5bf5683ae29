// The roles of all endpoints, learned by asking about their configuration; what is to be asked next.
//
// Endpoints that nothing is known of are asked about first, those with live calls before the others; the rest about once an hour, and
// anew after a restart of the PBX, so that a changed configuration is noticed. What is known remains until another answer replaces it.
// Reads no clock: every question and answer says what time it is.

import {
  type EndpointAnswer,
  type EndpointFailure,
  type EndpointQuestion,
  type EndpointSettings,
  type Evidence,
  firstEvidence,
  withAnswer,
} from './evidence.ts'
import { type Judgement, judgeAll, ownScore } from './judge.ts'

export interface RoleWatchOptions {
  readonly isQueueMember: (endpoint: string) => boolean
  /** Names of endpoints with live channels; they are asked about first. */
  readonly inUse: () => Iterable<string>
}

/** The evidence of an endpoint, by its name. */
export interface RememberedEvidence {
  readonly endpoint: string
  readonly evidence: Evidence
}

/** A source of questions for `ari/questions/`. */
export interface RoleWatch {
  /** What an earlier run knew. */
  restore(earlier: readonly RememberedEvidence[]): void
  /** The endpoints that can be asked about are exactly these. */
  exist(endpoints: Iterable<string>): void
  /** One more can be asked about. */
  add(endpoint: string): void
  /** The PBX was started anew: what is known may be outdated. */
  restarted(): void
  next(at: number): EndpointQuestion | null
  answered(question: EndpointQuestion, answer: EndpointAnswer, at: number): void
  failed(question: EndpointQuestion, failure: EndpointFailure, at: number): void
  /** The members of queues may have changed. */
  judgeAgain(): void
  /** By the names of endpoints; the same map until something changes. */
  judgements(): ReadonlyMap<string, Judgement>
  isKnown(endpoint: string): boolean
  /** How many endpoints were neither answered nor refused yet. */
  unknown(): number
  /** Endpoints about which the PBX refuses to answer. */
  refused(): readonly string[]
  /** What is known; the same list until something changes. */
  remembered(): readonly RememberedEvidence[]
}

const ASK_AGAIN_MS = 3_600_000

/** Pause between two endpoints that are known already. */
const PAUSE_MS = 1_000

/** After no answer in time. */
const RETRY_MS = 5_000

/** What is clear from the endpoint and its address, even if its context speaks against it, needs no further questions. */
const CLEAR = 5

interface Watched {
  /** Null: not known yet. */
  evidence: Evidence | null
  /** What the present round of questions has found; null between two rounds. */
  found: Evidence | null
  /** What is left to ask in this round. */
  left: EndpointQuestion[]
  /** When it is to be asked about; null: at once. */
  dueAt: number | null
  isRefused: boolean
}

export function createRoleWatch({ isQueueMember, inUse }: RoleWatchOptions): RoleWatch {
  const watched = new Map<string, Watched>()
  let judgements: ReadonlyMap<string, Judgement> | null = null
  let remembered: readonly RememberedEvidence[] | null = null
  let notBefore = Number.NEGATIVE_INFINITY

  // Judged when asked for: while all endpoints are read one after the other, nobody asks.
  function judged(): ReadonlyMap<string, Judgement> {
    const known = (): readonly (readonly [string, Evidence])[] =>
      [...watched].flatMap(([name, { evidence }]) => (evidence === null ? [] : [[name, evidence] as const]))
    judgements ??= judgeAll(new Map(known()), { isQueueMember })
    return judgements
  }

  function changed(): void {
    judgements = null
    remembered = null
  }

  function watch(endpoint: string): Watched {
    const one = watched.get(endpoint) ?? { evidence: null, found: null, left: [], dueAt: null, isRefused: false }
    watched.set(endpoint, one)
    return one
  }

  // A round that has begun goes on, then the unknown, then the known.
  function mostDue(at: number): readonly [string, Watched] | null {
    for (const name of inUse()) {
      const one = watched.get(name)
      if (one !== undefined && isUnknown(one) && isDue(one, at)) {
        return [name, one]
      }
    }
    let most: readonly [string, Watched] | null = null
    for (const entry of watched) {
      const [, one] = entry
      if (isDue(one, at) && (most === null || rank(one) < rank(most[1]))) {
        most = entry
      }
    }
    const isPause = at < notBefore && at >= notBefore - PAUSE_MS
    return most !== null && rank(most[1]) === KNOWN && isPause ? null : most
  }

  function finish(one: Watched, at: number): void {
    const isNew = JSON.stringify(one.evidence) !== JSON.stringify(one.found)
    Object.assign(one, { evidence: one.found, found: null, left: [], dueAt: at + ASK_AGAIN_MS, isRefused: false })
    notBefore = at + PAUSE_MS
    if (isNew) {
      changed()
    }
  }

  return {
    restore(earlier) {
      for (const { endpoint, evidence } of earlier) {
        watch(endpoint).evidence = evidence
      }
      changed()
    },
    exist(endpoints) {
      const present = new Set(endpoints)
      const gone = [...watched.keys()].filter((name) => !present.has(name))
      for (const name of gone) {
        watched.delete(name)
      }
      for (const name of present) {
        watch(name)
      }
      if (gone.length > 0) {
        changed()
      }
    },
    add: (endpoint) => void watch(endpoint),
    restarted() {
      for (const one of watched.values()) {
        Object.assign(one, { dueAt: null, found: null, left: [], isRefused: false })
      }
    },
    next(at) {
      const [endpoint, one] = mostDue(at) ?? []
      if (endpoint === undefined || one === undefined) {
        return null
      }
      return one.left[0] ?? { about: 'endpoint', endpoint }
    },
    answered(question, answer, at) {
      const one = watched.get(question.endpoint)
      if (one === undefined) {
        return
      }
      if (answer.about === 'endpoint') {
        one.found = firstEvidence(answer.settings)
        one.left = furtherQuestions(question.endpoint, answer.settings)
      } else if (one.found !== null && one.left[0]?.about === answer.about) {
        one.found = withAnswer(one.found, answer)
        one.left.shift()
      } else {
        return
      }
      const isAddressKnown = one.left[0]?.about !== 'aor'
      if (isAddressKnown && (one.left.length === 0 || isClear(question.endpoint, one.found))) {
        finish(one, at)
      }
    },
    failed(question, failure, at) {
      const one = watched.get(question.endpoint)
      if (one === undefined) {
        return
      }
      one.found = null
      one.left = []
      one.isRefused ||= failure === 'refused'
      one.dueAt = at + (failure === 'refused' ? ASK_AGAIN_MS : RETRY_MS)
    },
    judgeAgain() {
      judgements = null
    },
    judgements: judged,
    isKnown: (endpoint) => watched.get(endpoint)?.evidence != null,
    unknown: () => [...watched.values()].filter((one) => isUnknown(one) && !one.isRefused).length,
    refused: () => [...watched].flatMap(([name, one]) => (one.isRefused && isUnknown(one) ? [name] : [])),
    remembered() {
      remembered ??= [...watched].flatMap(([endpoint, { evidence }]) =>
        evidence === null ? [] : { endpoint, evidence },
      )
      return remembered
    },
  }
}

// An endpoint that is recognised without a password may have an identify; one that is called at a fixed address, a registration.
function furtherQuestions(endpoint: string, { aors, asksPassword, outboundAccount }: EndpointSettings) {
  const [aor] = aors
  const questions: EndpointQuestion[] = aor === undefined ? [] : [{ about: 'aor', endpoint, aor }]
  if (!asksPassword && outboundAccount === 'none') {
    questions.push({ about: 'identify', endpoint })
  }
  questions.push({ about: 'registration', endpoint })
  return questions
}

function isClear(endpoint: string, evidence: Evidence): boolean {
  const mayBeTrunk = evidence.address !== null && evidence.address.fixedContact !== null
  const score = ownScore(endpoint, evidence)
  return mayBeTrunk ? score >= CLEAR : score <= -2 || score >= 2
}

function isUnknown({ evidence }: Watched): boolean {
  return evidence === null
}

// Also if the clock of the PBX was set back.
function isDue({ dueAt }: Watched, at: number): boolean {
  return dueAt === null || at >= dueAt || at < dueAt - ASK_AGAIN_MS
}

const KNOWN = 2

function rank(one: Watched): number {
  return one.left.length > 0 ? 0 : isUnknown(one) ? 1 : KNOWN
}
