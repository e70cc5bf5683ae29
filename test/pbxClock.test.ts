import { expect, test } from 'vitest'
import { createPbxClock } from '../src/pbxClock.ts'
import { eventsOf } from './call/recording.ts'

const [first] = eventsOf('internal-answered-caller-hangup')

test('what we notice ourselves is told in the PBX’s time, once an event has told it', () => {
  const clock = createPbxClock()
  const lost = { type: 'SightLost', at: 5_000 } as const
  expect(clock.translate(lost, 5_000)).toEqual(lost)
  if (first === undefined) throw new Error('the recording is empty')
  const receivedAt = first.at + 90_000
  expect(clock.translate(first, receivedAt)).toBe(first)
  expect(clock.translate({ type: 'SightLost', at: receivedAt + 10 }, receivedAt + 10)).toEqual({
    type: 'SightLost',
    at: first.at + 10,
  })
  expect(clock.toPbx(receivedAt)).toBe(first.at)
})
