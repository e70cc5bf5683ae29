// Numbers the changes of a live feed, sends each to its readers, and keeps the latest, so that a reader can resume after a lost connection.
//
// Each change is serialized once for all readers, and while there are none (the page is usually closed), only if one of them resumes.

/** The epoch and the last `seq` that a reader received. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

export interface ChangeRingOptions {
  /** Identifies this run of the program. */
  readonly epoch: string
  /** How many changes are kept for readers that reconnect. */
  readonly kept: number
}

export interface ChangeRing<Change> {
  /** The number of the last change. */
  seq(): number
  append(make: (seq: number) => Change): void
  /** Continues beyond what is kept, so that no reader can resume from before. */
  skip(): void
  /** The changes after a position; null if some of them are not kept. */
  after(position: Position | null): readonly string[] | null
  /** Each further change goes to `read`, until the function that is returned is called. */
  subscribe(read: (text: string) => void): () => void
}

/** A change as it is sent, or what makes it: records never change, so that the text is the same later. */
type KeptChange = string | (() => string)

/** The sequence numbers begin at 1. */
export function createChangeRing<Change>({ epoch, kept }: ChangeRingOptions): ChangeRing<Change> {
  const ring = new Array<KeptChange>(kept)
  const readers = new Set<(text: string) => void>()
  let seq = 0

  return {
    seq: () => seq,
    append(make) {
      seq += 1
      const number = seq
      const toText = (): string => JSON.stringify(make(number))
      if (readers.size === 0) {
        ring[number % kept] = toText
        return
      }
      const text = toText()
      ring[number % kept] = text
      for (const read of readers) {
        read(text)
      }
    },
    skip() {
      seq += kept + 1
    },
    after(position) {
      if (position === null || position.epoch !== epoch || position.seq > seq || seq - position.seq > kept) {
        return null
      }
      return Array.from({ length: seq - position.seq }, (_, index) =>
        textOf(ring[(position.seq + 1 + index) % kept] ?? ''),
      )
    },
    subscribe(read) {
      readers.add(read)
      return () => readers.delete(read)
    },
  }
}

function textOf(change: KeptChange): string {
  return typeof change === 'string' ? change : change()
}
