// The status of the program, for the page, the live feed and the readiness check.
//
// Plain values, read anew for each request. Times are epoch ms.

/** The status at the moment of a request. */
export interface ServiceStatus {
  /** The time of the request, and of the start of this process. */
  readonly now: number
  readonly startedAt: number
  /** True while the ARI session is up and its state is in sync with Asterisk. */
  readonly inSync: boolean
  /** When `inSync` last changed; null if there was no session yet. */
  readonly since: number | null
  /** What is wrong, in one line without secrets; null if nothing is wrong. */
  readonly problem: string | null
  /** The Asterisk of the current or the last session; null if there was none. */
  readonly asterisk: { readonly version: string; readonly entityId: string; readonly startedAt: number } | null
  /** Whether Asterisk runs res_prometheus, so that Prometheus could scrape it; null while that is not known. */
  readonly resPrometheus: boolean | null
  readonly callsActive: number
  readonly callsEnded: number
  readonly callsMissed: number
  /** `rows`: ended calls that were ever written to the log; `pending`: ended calls that are not on disk yet. */
  readonly callLog: { readonly rows: number; readonly pending: number }
}
