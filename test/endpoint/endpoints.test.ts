import { expect, test } from 'vitest'
import { type EndpointEvent, trackEndpoints } from '../../src/endpoint/endpoints.ts'
import { eventsOf } from '../call/recording.ts'

const phone = (state: 'online' | 'offline' | 'unknown') => ({ technology: 'PJSIP', resource: '106', state })

function told(name: string): EndpointEvent[] {
  return eventsOf(name).flatMap((event) =>
    event.type === 'EndpointChanged' || event.type === 'ContactChanged' ? [event] : [],
  )
}

test('a phone that registers is online, one that unregisters or expires is offline', () => {
  const endpoints = trackEndpoints()
  const seen = told('registration').map((event) => {
    endpoints.apply(event)
    return [...endpoints.all()].map(({ endpoint, state }) => `${endpoint} ${state}`).join()
  })
  expect(seen).toEqual([
    '105 online',
    '105 online',
    '105 offline',
    '105 offline',
    '105 online',
    '105 online',
    '105 offline',
    '105 offline',
  ])
})

test('one that answers qualify tells its round trip, and none once it is gone', () => {
  const endpoints = trackEndpoints()
  const seen = told('qualify-reachable-unreachable').map((event) => {
    endpoints.apply(event)
    return [...endpoints.all()].map(({ state, roundTripMs }) => [state, roundTripMs])[0]
  })
  expect(seen).toEqual([
    ['online', null],
    ['online', 0.655],
    ['offline', null],
    ['offline', null],
  ])
})

test('a snapshot is the whole truth; without sight nothing is known', () => {
  const endpoints = trackEndpoints()
  endpoints.apply({ type: 'EndpointChanged', endpoint: { technology: 'PJSIP', resource: 'gone', state: 'online' } })
  endpoints.apply({
    type: 'SnapshotTaken',
    endpoints: [phone('online'), { technology: 'Local', resource: 'x', state: 'online' }],
  })
  expect([...endpoints.all()]).toMatchObject([{ endpoint: '106', state: 'online' }])
  endpoints.apply({ type: 'ContactChanged', endpoint: phone('online'), roundTripMs: 12 })
  endpoints.apply({ type: 'SightLost' })
  expect([...endpoints.all()]).toEqual([
    { endpoint: '106', technology: 'PJSIP', state: 'unknown', lastState: 'online', roundTripMs: null },
  ])
})
