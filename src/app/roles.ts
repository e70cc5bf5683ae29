// Which endpoints are trunks: as TRUNKS says, else as their configuration in Asterisk tells, else by their names.
//
// When a session begins, what is not known yet is read before its first event is handled, for two seconds at most, so that the first
// calls have the right roles; the questioner asks the rest. What is known is remembered beside the call log.

import type { Answer, Question, QuestionFailure, QuestionSource } from '../ari/questions/question.ts'
import type { Session } from '../ari/session.ts'
import type { SnapshotTaken } from '../ari/snapshot.ts'
import { parseChannelName } from '../call/asterisk/channelName.ts'
import { type RoleOf, rolesByName } from '../call/outcome/direction.ts'
import type { LiveCount } from '../call/views/liveCounts.ts'
import { type Endpoint, type Endpoints, trackEndpoints } from '../endpoint/endpoints.ts'
import type { EndpointAnswer } from '../endpoint/evidence.ts'
import type { Judgement } from '../endpoint/judge.ts'
import { createRoleWatch, type RememberedEvidence, type RoleWatch } from '../endpoint/roleWatch.ts'
import type { Logger } from '../log.ts'
import type { EndpointWithRole } from '../query/endpointFields.ts'
import type { Agent } from '../staffing/agent.ts'
import type { RememberedFile } from './rememberedFile.ts'
import { openRememberedRoles } from './rememberedRoles.ts'
import { createRoleTable } from './roleTable.ts'

export interface RolesOptions {
  readonly calls: { readonly trunks: readonly string[] }
  readonly ari: { readonly questionsPerSecond: number }
  readonly callLog: { readonly path: string }
}

export interface RolesDependencies {
  readonly session: Pick<Session, 'ask' | 'status'>
  readonly asked: (outcome: 'answered' | QuestionFailure, ms: number) => void
  readonly liveCounts: () => Iterable<LiveCount>
  readonly agents: () => Iterable<Agent>
  readonly pbxNow: () => number
  readonly ticks: () => number
  readonly log: Logger
}

export interface Roles {
  readonly endpoints: Endpoints
  /** The role of an endpoint now. */
  readonly roleOf: RoleOf
  /** The roles as they are now, for a call that begins. */
  readonly presentRoles: () => RoleOf
  readonly sources: readonly QuestionSource<Question, Answer>[]
  beforeSnapshot(snapshot: SnapshotTaken): Promise<void>
  /** To be called once a second. */
  check(): void
  listEndpoints(): readonly EndpointWithRole[]
}

/** The only technology that tells how its endpoints are configured. */
const ASKABLE = 'PJSIP'

const READ_FOR_MS = 2_000

/** So many refusals in a row mean that Asterisk does not answer such questions. */
const MOST_REFUSALS = 3

export function openRoles(options: RolesOptions, deps: RolesDependencies): Roles {
  const { trunks } = options.calls
  return trunks.length > 0 || options.ari.questionsPerSecond === 0 ? fixedRoles(trunks) : learnedRoles(options, deps)
}

function fixedRoles(trunks: readonly string[]): Roles {
  const endpoints = trackEndpoints()
  const roleOf = rolesByName(trunks)
  const why =
    trunks.length > 0
      ? ({ decidedBy: 'setting', certainty: 'sure', reasons: [] } as const)
      : ({ decidedBy: 'name', certainty: 'doubtful', reasons: [] } as const)
  return {
    endpoints,
    roleOf,
    presentRoles: () => roleOf,
    sources: [],
    beforeSnapshot: async () => undefined,
    check: () => undefined,
    listEndpoints: () => [...endpoints.all()].map((one) => ({ ...one, role: roleOf(one.endpoint), ...why })),
  }
}

function learnedRoles({ callLog }: RolesOptions, deps: RolesDependencies): Roles {
  const endpoints = trackEndpoints()
  const file = openRememberedRoles(callLog.path)
  const members = createMembers(deps.agents)
  let inSnapshot: readonly string[] = []
  const watch = createRoleWatch({
    isQueueMember: (endpoint) => members.has(endpoint),
    inUse: () => (inSnapshot.length > 0 ? inSnapshot : partiesOf(deps.liveCounts())),
  })
  watch.restore(file.earlier ?? [])
  const table = createRoleTable(watch, rolesByName([]), deps)
  const remember = rememberer(watch, file, deps.ticks)
  const roleOf: RoleOf = (endpoint) => table.present()(endpoint)
  let startedAt: number | null = null

  return {
    endpoints: {
      ...endpoints,
      apply(event) {
        endpoints.apply(event)
        if (event.type === 'EndpointChanged' || event.type === 'ContactChanged') {
          askable(event.endpoint).forEach(watch.add)
        }
      },
    },
    roleOf,
    presentRoles: table.present,
    sources: [watch],
    async beforeSnapshot(snapshot) {
      const before = startedAt
      startedAt = deps.session.status().asterisk?.startedAt ?? null
      if (before !== null && before !== startedAt) {
        watch.restarted()
      }
      watch.exist(snapshot.endpoints.flatMap(askable))
      inSnapshot = snapshot.channels.map(({ name }) => parseChannelName(name).endpoint)
      await readUnknown(watch, deps)
      inSnapshot = []
      table.renew()
    },
    check() {
      if (deps.session.status().phase !== 'in_sync') {
        return
      }
      if (members.haveChanged()) {
        watch.judgeAgain()
      }
      if (watch.unknown() === 0) {
        table.tell()
      }
      remember()
    },
    listEndpoints() {
      const judged = table.judgements()
      return [...endpoints.all()].map((one) => ({
        ...one,
        ...{ role: roleOf(one.endpoint), ...whyOf(judged.get(one.endpoint)) },
      }))
    },
  }
}

function whyOf(judgement: Judgement | undefined): Omit<EndpointWithRole, keyof Endpoint | 'role'> {
  const { role = null, certainty = 'doubtful', reasons = [] } = judgement ?? {}
  return { decidedBy: role === null ? 'name' : 'configuration', certainty, reasons }
}

/** The file has all endpoints, so that of many it is written less often. */
const WRITTEN_AFTER_MS_EACH = 1

// Writes what has changed.
function rememberer(
  watch: Pick<RoleWatch, 'remembered'>,
  file: RememberedFile<readonly RememberedEvidence[]>,
  ticks: () => number,
): () => void {
  let written: readonly RememberedEvidence[] | null = null
  let dueAt = Number.NEGATIVE_INFINITY
  return () => {
    const evidence = watch.remembered()
    if (evidence !== written && ticks() >= dueAt) {
      written = file.write(evidence) ? evidence : null
      dueAt = ticks() + evidence.length * WRITTEN_AFTER_MS_EACH
    }
  }
}

// One request at a time, until all are known, too much time has passed, or Asterisk does not answer.
async function readUnknown(watch: RoleWatch, { session, asked, pbxNow, ticks }: RolesDependencies): Promise<void> {
  const until = ticks() + READ_FOR_MS
  let refusals = 0
  while (ticks() < until && refusals < MOST_REFUSALS) {
    const question = watch.next(pbxNow())
    if (question === null || watch.isKnown(question.endpoint)) {
      return
    }
    const sentAt = ticks()
    const result = await session.ask(question)
    asked(result.ok ? 'answered' : result.failure, ticks() - sentAt)
    if (result.ok && isAboutEndpoint(result.answer)) {
      refusals = 0
      watch.answered(question, result.answer, pbxNow())
    } else if (!result.ok) {
      watch.failed(question, result.failure, pbxNow())
      refusals = result.failure === 'refused' ? refusals + 1 : MOST_REFUSALS
    }
  }
}

function isAboutEndpoint(answer: Answer): answer is EndpointAnswer {
  return ['endpoint', 'aor', 'identify', 'registration'].includes(answer.about)
}

function askable({ technology, resource }: { readonly technology: string; readonly resource: string }): string[] {
  return technology === ASKABLE ? [resource] : []
}

function* partiesOf(counts: Iterable<LiveCount>): Iterable<string> {
  for (const { key } of counts) {
    if (key.family === 'trunk' || key.family === 'phone') {
      yield key.family === 'trunk' ? key.trunk : key.endpoint
    }
  }
}

interface Members {
  has(endpoint: string): boolean
  /** Whether the members of queues are others than at the last call. */
  haveChanged(): boolean
}

function createMembers(agents: () => Iterable<Agent>): Members {
  let known: ReadonlySet<string> = new Set()
  return {
    has: (endpoint) => known.has(endpoint),
    haveChanged() {
      const present = new Set([...agents()].flatMap(({ operator }) => operator ?? []))
      const isSame = present.size === known.size && [...present].every((one) => known.has(one))
      known = present
      return !isSame
    },
  }
}
