// A channel that functions can be evaluated on: any that exists, whoever it belongs to.

export interface LiveChannel {
  /** Null if none is known to exist. */
  id(): string | null
  /** The PBX does not know it any more, although its end was not reported yet. */
  noteGone(id: string): void
  /** Another session begins. */
  reset(): void
}

/** Ends that are not reported arrive with the next list of channels, so that there are few. */
const MOST = 1_000

export function createLiveChannel(channels: () => Iterable<string>): LiveChannel {
  const gone = new Set<string>()
  return {
    id() {
      // The oldest first: it is the most likely to last.
      for (const id of channels()) {
        if (!gone.has(id)) {
          return id
        }
      }
      return null
    },
    noteGone(id) {
      if (gone.size >= MOST) {
        gone.clear()
      }
      gone.add(id)
    },
    reset: () => gone.clear(),
  }
}
