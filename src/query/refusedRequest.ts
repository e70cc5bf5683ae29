// The error of a request that no call log can answer as it is: the client has to ask in another way.

/** `message`: what is wrong and what to do. */
export class RefusedRequest extends RangeError {
  override readonly name = 'RefusedRequest'
}
