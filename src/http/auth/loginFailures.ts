// Failed log-ins: each counted, and said in the log once a minute while they go on.
//
// Whoever shows nothing has not failed: a browser asks so at first. Neither a name nor what was shown is ever said.

import type { Authenticator } from './authenticate.ts'

export interface LoginFailureDependencies {
  /** One more. */
  readonly count: () => void
  readonly log: { warn(fields: object, message: string): void }
}

const LOG_INTERVAL_MS = 60_000

/** The same door; what it refuses is noticed. */
export function countLoginFailures(access: Authenticator, { count, log }: LoginFailureDependencies): Authenticator {
  let untold = 0
  let quiet: NodeJS.Timeout | undefined
  const tell = (): void => {
    quiet = undefined
    if (untold === 0) return
    log.warn({ failures: untold }, 'log-ins over HTTP failed: wrong passwords or tokens')
    untold = 0
    quiet = setTimeout(tell, LOG_INTERVAL_MS).unref()
  }
  return {
    ...access,
    async admit(authorization) {
      const verdict = await access.admit(authorization)
      if (verdict === 'refused' && (authorization ?? '') !== '') {
        count()
        untold += 1
        if (quiet === undefined) tell()
      }
      return verdict
    },
    async stop() {
      clearTimeout(quiet)
      await access.stop()
    },
  }
}
