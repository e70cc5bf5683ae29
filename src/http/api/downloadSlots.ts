// Slots for downloads of the whole call log: a fixed number at a time.

/** Takes a slot and returns the function that releases it (calling it again does nothing); null if all are taken. */
export type TakeSlot = () => (() => void) | null

/** `max`: how many slots there are. */
export function createDownloadSlots(max: number): TakeSlot {
  let taken = 0
  return () => {
    if (taken >= max) {
      return null
    }
    taken += 1
    let isHeld = true
    return () => {
      if (isHeld) {
        taken -= 1
      }
      isHeld = false
    }
  }
}
