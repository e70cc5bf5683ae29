// State of the service for the page and the readiness check, as plain values.
//
// Made for each request by the code that starts the server. Times are epoch ms.

/** The state of the program at the moment of a request. */
export interface ServiceStatus {
  /** When it was taken, and when this process started. */
  readonly now: number
  readonly startedAt: number
  /** True while the ARI session is up and its state is in sync with Asterisk. */
  readonly inSync: boolean
  /** Since when `inSync` has been as it is; null when it never was. */
  readonly since: number | null
  /** What is wrong, in one line without secrets; null when nothing is. */
  readonly problem: string | null
  /** The Asterisk of the current or the last session; null if there was none. */
  readonly asterisk: { readonly version: string; readonly entityId: string; readonly startedAt: number } | null
  readonly callsActive: number
  readonly callsEnded: number
  readonly callsMissed: number
  /** What the two figures above cover, as it is to be printed: `today`, `in all`. */
  readonly countedOver: string
  /** `rows`: calls that ever ended in the log; `pending`: ended calls that are not on disk yet. */
  readonly callLog: { readonly rows: number; readonly pending: number }
}
