// The status of the program, for the page, the live feed and the readiness check.
//
// Plain values, read anew for each request. Times are epoch ms.

/** Whether the program can answer what it is there for. */
export interface Readiness {
  /** True while the ARI session is up and its state is in sync with Asterisk; of a fleet: while the central call log answers. */
  readonly inSync: boolean
  /** What is wrong, in one line without secrets; null if nothing is wrong. */
  readonly problem: string | null
}

/** The status at the moment of a request. */
export interface ServiceStatus extends Readiness {
  /** The name of this exporter among others (SITE), and the id of its call log. */
  readonly site: string
  readonly logId: string
  /** The time of the request, and of the start of this process. */
  readonly now: number
  readonly startedAt: number
  /** When `inSync` last changed; null if there was no session yet. */
  readonly since: number | null
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
