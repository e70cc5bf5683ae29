// How often each user may act: some actions at once, then one every few seconds; and a bound on all users together.
//
// Reads no clock: each question says what time it is.

export interface Pace {
  /** Milliseconds until this user may act again; 0: now, and it counts. */
  wait(who: string, now: number): number
}

export interface PaceOptions {
  /** Actions at once. */
  readonly burst: number
  /** One more after so many milliseconds. */
  readonly everyMs: number
}

interface Bucket {
  left: number
  at: number
}

const OF_EACH: PaceOptions = { burst: 10, everyMs: 6_000 }
const OF_ALL: PaceOptions = { burst: 30, everyMs: 1_000 }

/** More users than have passwords. */
const MOST_USERS = 1_000

export function createPace(ofEach: PaceOptions = OF_EACH, ofAll: PaceOptions = OF_ALL): Pace {
  const buckets = new Map<string, Bucket>()
  const all: Bucket = { left: ofAll.burst, at: 0 }

  function bucketOf(who: string, now: number): Bucket {
    const known = buckets.get(who)
    if (known !== undefined) {
      return known
    }
    if (buckets.size >= MOST_USERS) {
      buckets.clear()
    }
    const bucket = { left: ofEach.burst, at: now }
    buckets.set(who, bucket)
    return bucket
  }

  return {
    wait(who, now) {
      const own = bucketOf(who, now)
      refill(own, ofEach, now)
      refill(all, ofAll, now)
      const ms = Math.max(missing(own, ofEach), missing(all, ofAll))
      if (ms === 0) {
        own.left -= 1
        all.left -= 1
      }
      return ms
    },
  }
}

function refill(bucket: Bucket, { burst, everyMs }: PaceOptions, now: number): void {
  bucket.left = Math.min(burst, bucket.left + Math.max(0, now - bucket.at) / everyMs)
  bucket.at = now
}

function missing({ left }: Bucket, { everyMs }: PaceOptions): number {
  return left >= 1 ? 0 : Math.ceil((1 - left) * everyMs)
}
