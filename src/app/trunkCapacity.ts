// Watches the trunks of TRUNK_CHANNELS once a second: which are full, and which are no trunks of this PBX.
//
// Looked at once a second and not at each event: by the laws of traffic, the share of looks that find a trunk full is the share of calls
// that do. A name that neither endpoint nor call has had for some minutes is misspelt, or the trunk is not there: said once.

import type { RoleOf } from '../call/outcome/direction.ts'
import type { Tracker } from '../call/tracker.ts'
import type { CallLog } from '../calllog/callLog.ts'
import type { Endpoints } from '../endpoint/endpoints.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { callsByTrunk, type TrunkCapacity } from '../metrics/trunkCapacity.ts'
import type { Total } from '../totals/total.ts'

export interface TrunkCapacityDependencies {
  readonly tracker: Pick<Tracker, 'liveCounts'>
  readonly endpoints: Pick<Endpoints, 'all'>
  readonly roleOf: RoleOf
  readonly isInSync: () => boolean
  readonly ticks: () => number
  readonly count: Metrics['trunksFull']
  readonly append: CallLog['append']
  /** The sums of earlier runs: they name the trunks that have had calls. */
  readonly totals: readonly Total[]
  readonly log: Pick<Logger, 'warn'>
}

/** What is known of a name in TRUNK_CHANNELS: an endpoint or a call has it, or nothing has, or it is that of a phone. */
export type CapacityState = 'known' | 'not_seen' | 'phone'

export interface TrunkNow extends TrunkCapacity {
  readonly state: CapacityState
}

export interface TrunkCapacities {
  /** To be called once a second. */
  readonly check: () => void
  /** Those of TRUNK_CHANNELS. */
  readonly now: () => readonly TrunkNow[]
}

/** Longer than this after the last look, the time in between was not observed. */
const LONGEST_STEP_MS = 2_000

/** How long the PBX is observed before a name is said to be missing. */
const MISSING_AFTER_SECONDS = 300

export function watchTrunkCapacities(
  capacities: readonly TrunkCapacity[],
  deps: TrunkCapacityDependencies,
): TrunkCapacities {
  const { endpoints, roleOf, log } = deps
  const seen = new Set(deps.totals.flatMap(({ labels }) => labels['trunk'] ?? []))
  let lastAt: number | null = null
  let observedSeconds = 0
  let isSaid = false
  let wasInSync = false

  const stateOf = (trunk: string): CapacityState => {
    // Before the first session, the endpoints are not known.
    wasInSync ||= deps.isInSync()
    if (!wasInSync || seen.has(trunk)) {
      return 'known'
    }
    const isEndpoint = [...endpoints.all()].some(({ endpoint }) => endpoint === trunk)
    if (!isEndpoint) {
      return 'not_seen'
    }
    return roleOf(trunk) === 'trunk' ? 'known' : 'phone'
  }

  const sayMissing = (): void => {
    isSaid = true
    for (const { trunk } of capacities) {
      const state = stateOf(trunk)
      if (state === 'not_seen') {
        log.warn(
          { trunk },
          'TRUNK_CHANNELS names a trunk of which there is neither an endpoint nor a call so far: check the spelling',
        )
      } else if (state === 'phone') {
        log.warn(
          { trunk },
          'TRUNK_CHANNELS names an endpoint that counts as a phone: add it to TRUNKS if it is a trunk',
        )
      }
    }
  }

  const look = (seconds: number): void => {
    const calls = callsByTrunk(deps.tracker.liveCounts())
    for (const trunk of calls.keys()) {
      seen.add(trunk)
    }
    const known = capacities.map(({ trunk }) => trunk).filter((trunk) => stateOf(trunk) === 'known')
    const full = capacities.filter(({ trunk, channels }) => (calls.get(trunk) ?? 0) >= channels)
    const totals = deps.count({ known, full: full.map(({ trunk }) => trunk), seconds })
    if (totals.length > 0) {
      deps.append([], totals)
    }
  }

  return {
    check() {
      if (capacities.length === 0) {
        return
      }
      const at = deps.ticks()
      const seconds = lastAt === null ? 0 : Math.min(LONGEST_STEP_MS, at - lastAt) / 1000
      lastAt = deps.isInSync() ? at : null
      if (lastAt === null) {
        return
      }
      observedSeconds += seconds
      look(seconds)
      if (!isSaid && observedSeconds >= MISSING_AFTER_SECONDS) {
        sayMissing()
      }
    },
    now: () => capacities.map((one) => ({ ...one, state: stateOf(one.trunk) })),
  }
}
