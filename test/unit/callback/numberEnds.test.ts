// Whether a number may be among those of the callers who wait, without deriving its key.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNumberEnds } from '../../../src/callback/numberEnds.ts'
import { mayBeSame } from '../../../src/numbers/phoneNumber.ts'

const anyNumber = fc.oneof(
  fc.constantFrom('0401234567', '+358401234567', '0409994567', '34567', 'xxxxxxx567', '0912345', '+358912345', '567'),
  fc.stringMatching(/^\+?\d{3,12}$/),
)

test('a number may be included when it may be the same as one that was added and not removed', () => {
  fc.assert(
    fc.property(fc.array(anyNumber), fc.nat(), anyNumber, (added, removed, asked) => {
      const ends = createNumberEnds()
      added.forEach(ends.add)
      const [gone, left] = [added.slice(0, removed % (added.length + 1)), added.slice(removed % (added.length + 1))]
      gone.forEach(ends.remove)
      expect(ends.mayInclude(asked)).toBe(left.some((number) => mayBeSame(number, asked)))
    }),
    { numRuns: 2_000 },
  )
})
