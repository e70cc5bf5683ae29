// A query to the call log that failed although the query itself was valid.
//
// The message is fit to be shown as it is: no stack, no secret.

/**
 * `busy`: too many questions wait. `unreadable`: the file, or the thread that reads it, failed; the next question may
 * fare better. `closed`: the program stops. `aborted`: the client has gone.
 */
export type QueryFailureReason = 'busy' | 'unreadable' | 'closed' | 'aborted'

/** What `CallQueries` reject with. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure'
  readonly reason: QueryFailureReason

  constructor(reason: QueryFailureReason, message: string) {
    super(message)
    this.reason = reason
  }
}
