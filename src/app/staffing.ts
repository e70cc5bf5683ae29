// Connects the knowledge about agents with the rest: the phones in, changes to the live feed, time to the metrics.

import type { RoleOf } from '../call/outcome/direction.ts'
import type { Tracker } from '../call/tracker.ts'
import { type KnownPhone, type PhoneState, phoneStates } from '../call/views/phoneStates.ts'
import type { CallLog } from '../calllog/callLog.ts'
import type { Endpoints } from '../endpoint/endpoints.ts'
import type { LiveFeed } from '../http/live/liveFeed.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RememberedQueue } from '../staffing/knownQueues.ts'
import { type OperatorState, operatorStates } from '../staffing/operatorStates.ts'
import { createStaffing, type Staffing } from '../staffing/staffing.ts'
import { dayStart } from '../time/clock.ts'
import type { Total } from '../totals/total.ts'
import { maskPhoneCall } from './redact.ts'
import { openRememberedQueues } from './rememberedQueues.ts'

export interface Phones {
  readonly tracker: Pick<Tracker, 'liveCounts' | 'liveChannels' | 'phoneCall'>
  readonly endpoints: Pick<Endpoints, 'all'>
  readonly roleOf: RoleOf
}

/** The state of each phone, from its calls and its endpoint. */
export function presentPhones({ tracker, endpoints, roleOf }: Phones): ReadonlyMap<string, PhoneState> {
  return phoneStates(phones(endpoints, roleOf), tracker.liveCounts())
}

// The same phones as on /metrics.
function* phones(endpoints: Phones['endpoints'], roleOf: RoleOf): Iterable<KnownPhone> {
  for (const { endpoint, lastState } of endpoints.all()) {
    if (roleOf(endpoint) === 'phone') {
      yield { endpoint, isOffline: lastState === 'offline' }
    }
  }
}

/** The queues that an earlier run remembered; if it is the first, those that the stored sums name. */
export function earlierQueues(
  remembered: readonly RememberedQueue[] | null,
  totals: readonly Total[],
): readonly RememberedQueue[] {
  const named = totals.flatMap(({ labels }) => labels['queue'] ?? []).filter((queue) => queue !== '')
  return remembered ?? [...new Set(named)].map((queue) => ({ queue, members: null }))
}

export interface StaffingDependencies extends Phones {
  readonly totals: readonly Total[]
  readonly config: {
    readonly callLog: { readonly path: string }
    readonly calls: { readonly maskNumbers: boolean }
  }
  readonly log: Logger
}

/** The knowledge about agents, with what an earlier run remembered, and what writes it for the next. */
export function openStaffing(dependencies: StaffingDependencies): {
  readonly staffing: Staffing
  readonly remember: () => void
} {
  const { totals, config, log, ...sources } = dependencies
  const file = openRememberedQueues(config.callLog.path)
  const staffing = createStaffing({
    roleOf: sources.roleOf,
    liveChannels: sources.tracker.liveChannels,
    phones: () => presentPhones(sources),
    callOf(phone) {
      const call = sources.tracker.phoneCall(phone)
      return call !== null && config.calls.maskNumbers ? maskPhoneCall(call) : call
    },
    dayStart,
    onUnaskable: (name) =>
      log.warn({ name }, 'nothing is asked about a queue or member whose name has characters of expressions'),
  })
  staffing.restore(earlierQueues(file.earlier, totals))
  return { staffing, remember: () => file.write(staffing.remembered()) }
}

export interface CheckDependencies extends Phones {
  readonly staffing: Staffing
  readonly remember: () => void
  readonly isInSync: () => boolean
  readonly pbxNow: () => number
  readonly ticks: () => number
  readonly publish: LiveFeed['publish']
  readonly countOperatorTime: Metrics['operatorTime']
  readonly append: CallLog['append']
}

/** Longer than this after the last check, the time in between was not observed. */
const LONGEST_STEP_MS = 2_000

/** What is to be done once a second. */
export function staffingCheck(deps: CheckDependencies): () => void {
  const { staffing, isInSync, pbxNow, ticks } = deps
  let lastAt: number | null = null
  return () => {
    for (const fact of staffing.advance(pbxNow())) {
      deps.publish(fact)
    }
    const at = ticks()
    const seconds = lastAt === null ? 0 : Math.min(LONGEST_STEP_MS, at - lastAt) / 1000
    lastAt = isInSync() ? at : null
    if (lastAt !== null) {
      const states = operatorStates(presentPhones(deps), staffing.agents())
      const totals = deps.countOperatorTime({ states, members: operatorsOf(staffing), seconds })
      if (totals.length > 0) {
        deps.append([], totals)
      }
      deps.remember()
    }
  }
}

function operatorsOf(staffing: Staffing): ReadonlySet<string> {
  return new Set([...staffing.agents()].flatMap(({ operator }) => operator ?? []))
}

/** The states for the API; null while they are not known. */
export function presentOperators(
  deps: Phones & { readonly staffing: Pick<Staffing, 'agents'>; readonly isInSync: () => boolean },
) {
  const states = operatorStates(presentPhones(deps), deps.staffing.agents())
  return deps.isInSync() ? states : new Map<string, OperatorState | null>([...states.keys()].map((one) => [one, null]))
}
