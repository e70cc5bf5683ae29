// What the API reports of phones, trunks and queues now.

import { expect, test } from 'vitest'
import { apiSources } from '../../../src/app/apiSources.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { trackEndpoints } from '../../../src/endpoint/endpoints.ts'
import { emptyApi } from '../http/testServer.ts'

const described = (resource: string, state: 'online' | 'offline') => ({ technology: 'PJSIP', resource, state })
const BOTH = [described('101', 'online'), described('102', 'offline')]

test('lists the phones without their states, and nobody who waits, while the connection is lost, and with them when it is back', () => {
  const roleOf = rolesByName([])
  const waiting = { key: { family: 'queue', queue: 'sales' }, count: 2, oldestAt: -42_000 } as const
  const endpoints = trackEndpoints()
  const { queries } = emptyApi()
  let inSync = true
  const api = apiSources({
    tracker: { ...createTracker({ roleOf }), liveCounts: () => [waiting] },
    endpoints,
    queries,
    roleOf,
    config: { links: { sipTrace: null, recording: null }, ari: { questionsPerSecond: 5 } },
    pbxNow: () => 0,
    callLog: {
      rowId: () => undefined,
      flush: async () => undefined,
      status: () => ({ rows: 0, pending: 0, dropped: 0, writable: true }),
    },
    live: () => [],
    staffing: { agents: () => [], queues: () => [] },
    trunkCapacities: { now: () => [{ trunk: 'trunk-a', channels: 30, state: 'known' }] },
    listEndpoints: () => [],
    control: null,
    prometheus: { isRunning: () => null },
    isInSync: () => inSync,
  })
  const known = [
    ['101', 'idle'],
    ['102', 'offline'],
  ]

  endpoints.apply({ type: 'SnapshotTaken', endpoints: BOTH })
  expect([...api.operatorStates()]).toEqual(known)

  const limited = [{ trunk: 'trunk-a', channels: 30, state: 'known' }]
  expect(api.trunksNow()).toEqual({ limited, calls: new Map() })
  expect(api.queuesNow()).toEqual(new Map([['sales', { count: 2, longestMs: 42_000 }]]))

  endpoints.apply({ type: 'ConnectionLost' })
  inSync = false
  expect(api.trunksNow()).toEqual({ limited, calls: null })
  expect(api.queuesNow()).toBeNull()
  expect([...api.operatorStates()]).toEqual([
    ['101', null],
    ['102', null],
  ])

  endpoints.apply({ type: 'SnapshotTaken', endpoints: BOTH })
  inSync = true
  expect([...api.operatorStates()]).toEqual(known)
})
