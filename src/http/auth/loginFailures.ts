// Counts failed logins, and writes a summary to the log at most once a minute.
//
// A request without credentials is not a failure: browsers send one first. Names, passwords and tokens are never logged.

import type { Logger } from '../../log.ts'
import type { Authenticator } from './authenticate.ts'

export interface LoginFailureDependencies {
  /** Called for each failure. */
  readonly count: () => void
  readonly log: Logger
}

const LOG_INTERVAL_MS = 60_000

/** Wraps an authenticator to count and log refused credentials. */
export function countLoginFailures(
  authenticator: Authenticator,
  { count, log }: LoginFailureDependencies,
): Authenticator {
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
    ...authenticator,
    async authenticate(authorization) {
      const result = await authenticator.authenticate(authorization)
      if (result === 'refused' && (authorization ?? '') !== '') {
        count()
        unlogged += 1
        if (timer === undefined) {
          report()
        }
      }
      return result
    },
    async stop() {
      clearTimeout(timer)
      await authenticator.stop()
    },
  }
}
