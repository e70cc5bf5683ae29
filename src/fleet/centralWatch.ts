// Whether the central call log answers: asked every few seconds, for the readiness check, the metrics and the log.

import type { Readiness } from '../http/serviceStatus.ts'
import type { Logger } from '../log.ts'

export interface CentralWatchDependencies {
  /** Rejects with an error whose message says what to do, without secrets. */
  readonly check: () => Promise<void>
  readonly log: Logger
  readonly everyMs: number
}

export interface CentralWatch {
  status(): Readiness
  stop(): void
}

export function watchCentral({ check, log, everyMs }: CentralWatchDependencies): CentralWatch {
  let problem: string | null = 'the central call log has not answered yet'
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  let told: string | null = null

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
  const ask = async (): Promise<void> => {
    const found = await check().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    if (!isStopped) {
      tell(found)
      timer = setTimeout(ask, everyMs)
    }
  }
  void ask()
  return {
    status: () => ({ inSync: problem === null, problem }),
    stop() {
      isStopped = true
      clearTimeout(timer ?? undefined)
    },
  }
}
