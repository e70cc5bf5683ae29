// How many numbers somebody dialed one after the other of a range, as programs do that look for numbers that pay.

/** Numbers that differ by no more than this are neighbours. */
const STEP = 10

/** A double holds these digits exactly; E.164 numbers have no more. */
const EXACT_DIGITS = 15

/** The most different numbers of which each is close to the next one, whatever the order in which they were dialed. */
export function longestSequence(numbers: readonly number[]): number {
  let longest = Math.min(1, numbers.length)
  let length = longest
  const ascending = Float64Array.from(numbers).sort()
  for (const [index, number] of ascending.entries()) {
    const gap = number - (ascending[index - 1] ?? number)
    if (gap > 0) {
      length = gap <= STEP ? length + 1 : 1
      longest = Math.max(longest, length)
    }
  }
  return longest
}

/** The value of a number's last digits. */
export function tailOf(digits: string): number {
  return Number(digits.slice(-EXACT_DIGITS))
}
