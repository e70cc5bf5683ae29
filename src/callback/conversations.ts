// With which numbers somebody speaks, and when somebody last began to: a call that is missed meanwhile opens nothing.
//
// What is over is remembered only as long as an inbound call waits that began before it, so that memory is bounded by the live calls.

/** A call that never ends would otherwise have every later conversation remembered. */
const MAX_REMEMBERED = 10_000

export interface Conversations {
  /** An inbound call waits for an answer. */
  awaits(call: string, startedAt: number): void
  /** The call was answered, or it ended. */
  awaitsNoMore(call: string): void
  /** In this call, somebody speaks with this number. */
  begin(call: string, key: string, at: number): void
  /** The call is over: its conversations end, or go on in the call that it became part of. */
  end(call: string, mergedInto: string | null): void
  /** Whether the call had a conversation. */
  has(call: string): boolean
  /** Whether somebody speaks with this number now, or has begun to since `at`. */
  isSince(key: string, at: number): boolean
}

/** No conversation. */
export function createConversations(): Conversations {
  const waiting = new Map<string, number>()
  const keysOf = new Map<string, Set<string>>()
  const callsWith = new Map<string, number>()
  /** When the last conversation with a number began, in the order in which they did. */
  const lastBegan = new Map<string, number>()

  function forget(): void {
    const [oldest = Infinity] = waiting.values()
    for (const [key, at] of lastBegan) {
      if (at >= oldest && lastBegan.size <= MAX_REMEMBERED) {
        break
      }
      lastBegan.delete(key)
    }
  }

  function take(call: string, key: string): boolean {
    const keys = keysOf.get(call) ?? new Set()
    if (keys.has(key)) {
      return false
    }
    keysOf.set(call, keys.add(key))
    callsWith.set(key, (callsWith.get(key) ?? 0) + 1)
    return true
  }

  function leave(key: string): void {
    const left = (callsWith.get(key) ?? 0) - 1
    if (left > 0) {
      callsWith.set(key, left)
    } else {
      callsWith.delete(key)
    }
  }

  return {
    awaits(call, startedAt) {
      if (!waiting.has(call)) {
        waiting.set(call, startedAt)
      }
    },
    awaitsNoMore(call) {
      if (waiting.delete(call)) {
        forget()
      }
    },
    begin(call, key, at) {
      if (!take(call, key)) {
        return
      }
      lastBegan.delete(key)
      lastBegan.set(key, at)
      forget()
    },
    end(call, mergedInto) {
      const keys = keysOf.get(call) ?? []
      keysOf.delete(call)
      for (const key of keys) {
        if (mergedInto !== null) {
          take(mergedInto, key)
        }
        leave(key)
      }
    },
    has: (call) => keysOf.has(call),
    isSince: (key, at) => callsWith.has(key) || (lastBegan.get(key) ?? -Infinity) >= at,
  }
}
