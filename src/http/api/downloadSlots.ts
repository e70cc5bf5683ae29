// The places for downloads of the whole log: two at a time, whoever comes then is told to come again.

/** Gives a place, or null when all are taken; the function that is returned gives it back, once or more often. */
export type Exports = () => (() => void) | null

/** `most` places. */
export function createDownloadSlots(most: number): Exports {
  let taken = 0
  return () => {
    if (taken >= most) {
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
