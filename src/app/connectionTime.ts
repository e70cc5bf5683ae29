// Looks now and then whether we see the PBX: the call log notes until when, the metrics count for how long we did not.
//
// Spans are taken from a clock that nobody sets. When ours is set ahead, the PBX's is not believed to be, until its events
// say so: a heartbeat of the log must never be later than what was seen.

/** Who is asked and told. */
export interface SightDependencies {
  isInSync(): boolean
  /** The PBX is seen now. */
  seen(): void
  /** So many more seconds without sight. */
  disconnected(seconds: number): void
  /** Our clock was set ahead by so many ms. */
  leapt(ms: number): void
  /** Our clock, epoch ms. */
  now(): number
  /** Ms since any moment, never set. */
  ticks(): number
}

// More than late timers and a slewed clock bring about.
const LEAP_MS = 1_000

/** To be called again and again; the first span begins now. */
export function createSightWatch(deps: SightDependencies): () => void {
  const read = () => ({ now: deps.now(), ticks: deps.ticks() })
  let last = read()
  return () => {
    const current = read()
    const passedMs = current.ticks - last.ticks
    const leapMs = Math.round(current.now - last.now - passedMs)
    if (leapMs > LEAP_MS) deps.leapt(leapMs)
    if (deps.isInSync()) deps.seen()
    else deps.disconnected(passedMs / 1000)
    last = current
  }
}
