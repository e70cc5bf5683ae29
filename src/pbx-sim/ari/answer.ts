// A response of the simulated ARI.

/** `text`: the JSON to send; empty for none. `afterMs`: how long Asterisk takes, default 0. */
export interface RestAnswer {
  readonly status: number
  readonly text: string
  readonly afterMs?: number
}

/** An error in the format of ARI. */
export function error(status: number, message: string): RestAnswer {
  return { status, text: JSON.stringify({ message }) }
}

export function ok(body: unknown): RestAnswer {
  return { status: 200, text: JSON.stringify(body) }
}
