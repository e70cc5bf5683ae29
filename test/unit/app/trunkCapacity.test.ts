// How long trunks are full, and what is said of names that are no trunks.

import { expect, test } from 'vitest'
import { watchTrunkCapacities } from '../../../src/app/trunkCapacity.ts'
import type { EndpointRole } from '../../../src/call/fact.ts'
import type { LiveCount } from '../../../src/call/views/liveCounts.ts'
import type { Endpoint } from '../../../src/endpoint/endpoints.ts'
import type { TrunksNow } from '../../../src/metrics/trunkCapacity.ts'

const ONLINE: Omit<Endpoint, 'endpoint'> = {
  technology: 'PJSIP',
  state: 'online',
  lastState: 'online',
  roundTripMs: null,
}

const seizures = (trunk: string, direction: 'inbound' | 'outbound', count: number): LiveCount => ({
  key: { family: 'trunk', trunk, direction },
  count,
  oldestAt: 0,
})

/** A watch over two trunks of 2 and 10 calls; what it looks at can be changed. */
function watched({ earlier = [] as readonly string[] } = {}) {
  const pbx = {
    live: [] as readonly LiveCount[],
    endpoints: [] as readonly string[],
    isInSync: true,
    at: 1_000,
  }
  const counted: TrunksNow[] = []
  const said: unknown[] = []
  const role = (name: string): EndpointRole => (/^\d+$/.test(name) ? 'phone' : 'trunk')
  const capacities = watchTrunkCapacities(
    [
      { trunk: 'carrier', channels: 2 },
      { trunk: '7495', channels: 10 },
    ],
    {
      tracker: { liveCounts: () => pbx.live },
      endpoints: {
        all: () => pbx.endpoints.map((endpoint) => ({ ...ONLINE, endpoint })).values(),
      },
      roleOf: role,
      isInSync: () => pbx.isInSync,
      ticks: () => pbx.at,
      count(now) {
        counted.push(now)
        return []
      },
      append: () => {},
      totals: earlier.map((trunk) => ({ name: 'asterisk_trunk_attempts_total', labels: { trunk }, value: 1 })),
      log: { warn: (fields: unknown, text?: unknown) => void said.push([fields, text]) },
    },
  )
  const after = (ms: number): void => {
    pbx.at += ms
    capacities.check()
  }
  return { pbx, capacities, counted, said, after }
}

test('the seconds in which both directions together fill a trunk', () => {
  const { pbx, counted, after } = watched()
  pbx.live = [seizures('carrier', 'inbound', 1), seizures('carrier', 'outbound', 1), seizures('other', 'inbound', 99)]
  after(0)
  after(1_000)
  after(1_500)
  pbx.live = [seizures('carrier', 'inbound', 1)]
  after(1_000)
  const full = counted.filter((now) => now.full.includes('carrier')).map(({ seconds }) => seconds)
  expect(full).toEqual([0, 1, 1.5])
  expect(counted.at(-1)).toEqual({ known: ['carrier'], full: [], seconds: 1 })
})

test('what is not observed does not count, nor more than two seconds at once', () => {
  const { pbx, counted, after } = watched()
  pbx.live = [seizures('carrier', 'inbound', 3)]
  after(0)
  pbx.isInSync = false
  after(1_000)
  pbx.isInSync = true
  after(1_000)
  after(60_000)
  expect(counted.map(({ seconds }) => seconds)).toEqual([0, 0, 2])
})

test('a name that is no trunk is said once, after five minutes of observation', () => {
  const { pbx, capacities, said, after } = watched()
  pbx.endpoints = ['7495']
  for (let second = 0; second < 300; second += 1) {
    after(1_000)
  }
  expect(said).toEqual([])
  after(1_000)
  after(1_000)
  expect(said).toEqual([
    [{ trunk: 'carrier' }, expect.stringContaining('neither an endpoint nor a call so far')],
    [{ trunk: '7495' }, expect.stringContaining('counts as a phone')],
  ])
  expect(capacities.now().map(({ state }) => state)).toEqual(['not_seen', 'phone'])
})

test.each([
  ['an endpoint', { endpoints: ['carrier'] }],
  ['a call', { live: [seizures('carrier', 'inbound', 1)] }],
])('a trunk of which there is %s is known', (_, there) => {
  const { pbx, capacities, after } = watched()
  Object.assign(pbx, there)
  after(1_000)
  expect(capacities.now()[0]).toEqual({ trunk: 'carrier', channels: 2, state: 'known' })
})

test('nothing is missing before the first session', () => {
  const { pbx, capacities } = watched()
  pbx.isInSync = false
  expect(capacities.now().map(({ state }) => state)).toEqual(['known', 'known'])
  pbx.isInSync = true
  expect(capacities.now().map(({ state }) => state)).toEqual(['not_seen', 'not_seen'])
})

test('a trunk that had calls in an earlier run is known', () => {
  expect(watched({ earlier: ['carrier'] }).capacities.now()[0]?.state).toBe('known')
})
