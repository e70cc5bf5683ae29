// Whether the central call log answers, and whether it has the partition of tomorrow: asked every few seconds, for the readiness check, the
// metrics and the log. Beside that, its partitions are kept, for which no check waits: rows that move may take minutes.

import type { CentralCheck } from '../central/check.ts'
import type { Readiness } from '../http/serviceStatus.ts'
import type { Logger } from '../log.ts'

export interface CentralWatchDependencies {
  /** Rejects with an error whose message says what to do, without secrets. */
  readonly check: () => Promise<CentralCheck>
  /** Makes the partitions that are missing; rejects like `check`. Called after a check that found no problem. */
  readonly keepPartitions: () => Promise<void>
  readonly log: Logger
  readonly everyMs: number
  /** How long after partitions were kept this is done again. After a failure, the next check does. */
  readonly keepEveryMs: number
}

export interface CentralWatch {
  status(): Readiness
  /** Null while it is not known, and without partitions. */
  partitionDaysAhead(): number | null
  stop(): void
}

const NO_PARTITION =
  'the central call log has no partition for tomorrow: rows go into the default partitions, in which queries are slow; ' +
  'run `asterisk-ari-exporter fleet --init` daily as the owner of the tables, or look why what keeps the partitions does not run'

export function watchCentral({
  check,
  keepPartitions,
  log,
  everyMs,
  keepEveryMs,
}: CentralWatchDependencies): CentralWatch {
  let problem: string | null = 'the central call log has not answered yet'
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  let told: string | null = null
  let daysAhead: number | null = null
  let isShort = false
  const partitions = createUpkeep({ keepPartitions, log, keepEveryMs })

  const tell = (next: string | null): void => {
    if (next !== null && next !== told) {
      log.error({}, next)
    }
    if (next === null && told !== null) {
      log.info({}, 'the central call log answers')
    }
    told = next
    problem = next
  }
  const tellPartitions = (days: number): void => {
    if (days < 1 && !isShort) {
      log.warn({}, NO_PARTITION)
    }
    if (days >= 1 && isShort) {
      log.info({ daysAhead: days }, 'the central call log has a partition for tomorrow')
    }
    isShort = days < 1
  }
  const ask = async (): Promise<void> => {
    const found = await check().catch(textOf)
    if (!isStopped) {
      tell(typeof found === 'string' ? found : null)
      daysAhead = typeof found === 'string' ? null : found.partitionDaysAhead
      if (typeof found !== 'string') {
        partitions.keepIfDue()
      }
      // What is missing may be being made.
      if (daysAhead !== null && !partitions.isUnderWay()) {
        tellPartitions(daysAhead)
      }
      timer = setTimeout(ask, everyMs)
    }
  }
  void ask()
  return {
    status: () => ({ inSync: problem === null, problem }),
    partitionDaysAhead: () => daysAhead,
    stop() {
      isStopped = true
      clearTimeout(timer ?? undefined)
      partitions.stop()
    },
  }
}

interface Upkeep {
  keepIfDue(): void
  isUnderWay(): boolean
  stop(): void
}

function createUpkeep({
  keepPartitions,
  log,
  keepEveryMs,
}: Pick<CentralWatchDependencies, 'keepPartitions' | 'log' | 'keepEveryMs'>): Upkeep {
  let state: 'due' | 'under way' | 'done' = 'due'
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  let told: string | null = null

  const keep = async (): Promise<void> => {
    state = 'under way'
    const failure = await keepPartitions().then(() => null, textOf)
    state = failure === null ? 'done' : 'due'
    if (isStopped) {
      return
    }
    if (failure !== null && failure !== told) {
      log.warn({}, `the partitions of the central call log are not kept: ${failure}`)
    }
    told = failure
    if (failure === null) {
      timer = setTimeout(() => {
        state = 'due'
      }, keepEveryMs)
    }
  }
  return {
    keepIfDue() {
      if (state === 'due') {
        void keep()
      }
    },
    isUnderWay: () => state === 'under way',
    stop() {
      isStopped = true
      clearTimeout(timer ?? undefined)
    },
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
