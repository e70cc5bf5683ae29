// Roles of endpoints that change while calls live: each call keeps those that it began with.

import { expect, test } from 'vitest'
import type { CallRecord, LegRecord } from '../../../src/call/fact.ts'
import { type RoleOf, rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { Story } from './story.ts'

const BEFORE = rolesByName(['anna'])
const AFTER = rolesByName(['74951234567'])

/** What was said of each call and leg, while the roles changed after the call began. */
function told(
  story: Story,
  events: number,
): { readonly calls: readonly CallRecord[]; readonly legs: readonly LegRecord[] } {
  let present: RoleOf = BEFORE
  const tracker = createTracker({ roleOf: BEFORE, presentRoles: () => present })
  const facts = story.events.flatMap((event, index) => {
    present = index < events ? BEFORE : AFTER
    return tracker.apply(event)
  })
  return {
    calls: facts.flatMap((fact) => ('call' in fact ? [fact.call] : [])),
    legs: facts.flatMap((fact) => ('leg' in fact ? [fact.leg] : [])),
  }
}

function outbound(): Story {
  return new Story()
    .calls('1.1', 'PJSIP/anna-1', '0401234567')
    .wait(100)
    .creates('1.2', 'PJSIP/74951234567-2')
    .dials('1.1', '1.2')
    .becomes('1.2', 'Up')
    .becomes('1.1', 'Up')
    .enters('1.1', 'b')
    .enters('1.2', 'b')
    .wait(1_000)
    .hangsUp('1.1')
    .isDestroyed('1.1')
    .isDestroyed('1.2')
}

test('a call that began before is told with the same roles until it ends', () => {
  for (let events = 1; events <= outbound().events.length; events += 1) {
    const { calls, legs } = told(outbound(), events)
    expect(new Set(calls.map(({ callerRole }) => callerRole))).toEqual(new Set(['trunk']))
    expect(new Set(legs.map(({ endpointRole }) => endpointRole))).toEqual(new Set(['phone']))
    expect(calls.at(-1)).toMatchObject({ direction: 'inbound', trunk: 'anna', disposition: 'answered' })
  }
})

test('a call that begins afterwards has the new ones', () => {
  const { calls, legs } = told(outbound(), 0)
  expect(calls.at(-1)).toMatchObject({ direction: 'outbound', trunk: '74951234567', callerRole: 'phone' })
  expect(legs.at(-1)).toMatchObject({ endpointRole: 'trunk' })
})
