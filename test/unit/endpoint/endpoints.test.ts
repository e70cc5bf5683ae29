import { expect, test } from 'vitest'
import { type EndpointEvent, trackEndpoints } from '../../../src/endpoint/endpoints.ts'
import { eventsOf } from '../call/recording.ts'

const phone = (state: 'online' | 'offline' | 'unknown') => ({ technology: 'PJSIP', resource: '106', state })

function endpointEvents(name: string): EndpointEvent[] {
  return eventsOf(name).flatMap((event) =>
    event.type === 'EndpointChanged' || event.type === 'ContactChanged' ? [event] : [],
  )
}

test('a phone that registers is online, one that unregisters or expires is offline', () => {
  const endpoints = trackEndpoints()
  const seen = endpointEvents('registration').map((event) => {
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

test('an endpoint that answers qualify has a round trip, and none after it went offline', () => {
  const endpoints = trackEndpoints()
  const seen = endpointEvents('qualify-reachable-unreachable').map((event) => {
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

test('a snapshot replaces all states; while disconnected every state is unknown', () => {
  const endpoints = trackEndpoints()
  endpoints.apply({ type: 'EndpointChanged', endpoint: { technology: 'PJSIP', resource: 'gone', state: 'online' } })
  endpoints.apply({
    type: 'SnapshotTaken',
    endpoints: [phone('online'), { technology: 'Local', resource: 'x', state: 'online' }],
  })
  expect([...endpoints.all()]).toMatchObject([{ endpoint: '106', state: 'online' }])
  endpoints.apply({ type: 'ContactChanged', endpoint: phone('online'), roundTripMs: 12 })
  endpoints.apply({ type: 'ConnectionLost' })
  expect([...endpoints.all()]).toEqual([
    { endpoint: '106', technology: 'PJSIP', state: 'unknown', lastState: 'online', roundTripMs: null },
  ])
})

test('endpoints beyond the limit are ignored, known ones are updated, and a snapshot starts again', () => {
  const endpoints = trackEndpoints({ maxEndpoints: 100 })
  const named = (n: number, state: 'online' | 'offline') => ({ technology: 'PJSIP', resource: `made-up-${n}`, state })
  for (let n = 0; n < 1_000; n += 1) {
    endpoints.apply({ type: 'EndpointChanged', endpoint: named(n, 'online') })
  }
  endpoints.apply({ type: 'EndpointChanged', endpoint: named(7, 'offline') })
  const known = [...endpoints.all()]
  expect([known.length, known[7]?.state]).toEqual([100, 'offline'])
  const inSnapshot = Array.from({ length: 1_000 }, (_, n) => named(n, 'online'))
  endpoints.apply({ type: 'SnapshotTaken', endpoints: inSnapshot })
  expect([...endpoints.all()]).toHaveLength(100)
})
