// How often users may act.

import { expect, test } from 'vitest'
import { createPace } from '../../../src/control/pace.ts'

test('a user may act so often at once, then at intervals; another user is not delayed', () => {
  const pace = createPace({ burst: 2, everyMs: 100 }, { burst: 100, everyMs: 1 })
  expect([pace.wait('anna', 0), pace.wait('anna', 0)]).toEqual([0, 0])
  expect(pace.wait('anna', 0)).toBe(100)
  expect(pace.wait('anna', 40)).toBe(60)
  expect(pace.wait('bob', 40)).toBe(0)
  expect([pace.wait('anna', 100), pace.wait('anna', 100)]).toEqual([0, 100])
})

test('all users together have a bound', () => {
  const pace = createPace({ burst: 10, everyMs: 100 }, { burst: 3, everyMs: 50 })
  expect(['a', 'b', 'c', 'd'].map((who) => pace.wait(who, 0))).toEqual([0, 0, 0, 50])
})

test('a clock that is set back lets nobody act more often, nor locks them out', () => {
  const pace = createPace({ burst: 1, everyMs: 100 }, { burst: 100, everyMs: 1 })
  expect([pace.wait('anna', 1_000_000), pace.wait('anna', 0)]).toEqual([0, 100])
  expect(pace.wait('anna', 100)).toBe(0)
})
