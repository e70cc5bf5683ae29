// The error of a valid query to the call log that could not be answered.
//
// The message can be shown to the user: it contains no stack and no secret.

/**
 * `busy`: too many queries are waiting. `unreadable`: the file or the reader thread failed; the next query may succeed.
 * `closed`: the program stops. `aborted`: the client disconnected. `refused`: the client has to ask in another way.
 */
export type QueryFailureReason = 'busy' | 'unreadable' | 'closed' | 'aborted' | 'refused'

/** What `CallQueries` reject with. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure'
  readonly reason: QueryFailureReason

  constructor(reason: QueryFailureReason, message: string) {
    super(message)
    this.reason = reason
  }
}
