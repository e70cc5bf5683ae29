// Frames that wait, as their bytes in one block of memory: thousands of them as objects of their own would cost the garbage collector
// more than handling them.

/** A block of frames, in their order. */
export interface FrameBlock {
  /** Copies a frame into the block; false when it has no room. The frame must not be kept: it is a part of a larger read. */
  add(frame: Buffer, receivedAt: number): boolean
  /** Takes the oldest frame out; null when none is left. `text` is decoded from UTF-8. */
  next(): { readonly text: string; readonly receivedAt: number } | null
  isEmpty(): boolean
  /** The memory that it takes. */
  readonly bytes: number
}

/** Some forty frames: more would leave much of it empty, fewer would make many blocks. */
const BLOCK_BYTES = 32 * 1024

/** Frames without a byte fill no block. */
const MOST_FRAMES = 1_000

/** A block with room for at least a frame of `length` bytes. */
export function createFrameBlock(length: number): FrameBlock {
  const memory = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, length))
  const ends: number[] = []
  const times: number[] = []
  let end = 0
  let [taken, takenTo] = [0, 0]
  return {
    bytes: memory.length,
    add(frame, receivedAt) {
      if (end + frame.length > memory.length || ends.length === MOST_FRAMES) {
        return false
      }
      memory.set(frame, end)
      end += frame.length
      ends.push(end)
      times.push(receivedAt)
      return true
    },
    next() {
      const [to, receivedAt] = [ends[taken], times[taken]]
      if (to === undefined || receivedAt === undefined) {
        return null
      }
      const text = memory.toString('utf8', takenTo, to)
      taken += 1
      takenTo = to
      return { text, receivedAt }
    },
    isEmpty: () => taken === ends.length,
  }
}
