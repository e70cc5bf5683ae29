// What the landing page and the readiness check need to know, as plain values.
//
// Whoever starts the server makes one on each request; nothing here knows where the figures come from.
// Instants are epoch ms, counts are pieces.

/** The state of the program at the moment of a request. */
export interface ServiceStatus {
  /** When it was taken, and when this process started. */
  readonly now: number
  readonly startedAt: number
  /** True while the ARI session is up and what we know is in sync with Asterisk. */
  readonly inSync: boolean
  /** Since when `inSync` has been as it is; null when it never was. */
  readonly since: number | null
  /** What is wrong, in one line without secrets; null when nothing is. */
  readonly problem: string | null
  /** The Asterisk we listen to, or last listened to; null when it was never reached. */
  readonly asterisk: { readonly version: string; readonly entityId: string; readonly startedAt: number } | null
  readonly callsActive: number
  readonly callsEnded: number
  readonly callsMissed: number
  /** What the two figures above cover, as it is to be printed: `today`, `in all`. */
  readonly countedOver: string
  /** `rows`: calls that ever ended in the log; `pending`: ended calls that are not on disk yet. */
  readonly callLog: { readonly rows: number; readonly pending: number }
}
