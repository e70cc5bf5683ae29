// Failed log-ins: each is counted, and the log has a summary at most once a minute.
//
// A request without credentials is no failure: browsers send one first. Names, passwords and tokens are never logged.

import type { Logger } from '../../log.ts'
import type { Authenticator } from './authenticate.ts'

export interface LoginFailureDependencies {
  /** Called for each failure. */
  readonly count: () => void
  readonly log: Logger
}

const LOG_INTERVAL_MS = 60_000

/** Wraps an authenticator to count and log what it refuses. */
export function countLoginFailures(access: Authenticator, { count, log }: LoginFailureDependencies): Authenticator {
  let unlogged = 0
  let timer: NodeJS.Timeout | undefined
  const report = (): void => {
    timer = undefined
    if (unlogged === 0) {
      return
    }
    log.warn({ failures: unlogged }, 'log-ins over HTTP failed: wrong passwords or tokens')
    unlogged = 0
    timer = setTimeout(report, LOG_INTERVAL_MS).unref()
  }
  return {
    ...access,
    async authenticate(authorization) {
      const verdict = await access.authenticate(authorization)
      if (verdict === 'refused' && (authorization ?? '') !== '') {
        count()
        unlogged += 1
        if (timer === undefined) {
          report()
        }
      }
      return verdict
    },
    async stop() {
      clearTimeout(timer)
      await access.stop()
    },
  }
}
