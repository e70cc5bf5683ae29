// What the API says of phones, from the core's own state.

import { expect, test } from 'vitest'
import { apiSources } from '../../../src/app/apiSources.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { trackEndpoints } from '../../../src/endpoint/endpoints.ts'
import { nothingOfCalls } from '../http/testServer.ts'

test('a phone that was offline when sight was lost does not become idle by that', () => {
  const roleOf = rolesByName([])
  const endpoints = trackEndpoints()
  const { queries } = nothingOfCalls()
  const api = apiSources({
    tracker: createTracker({ roleOf }),
    endpoints,
    queries,
    roleOf,
    rowId: () => undefined,
    live: () => [],
  })
  const described = (resource: string, state: 'online' | 'offline') => ({ technology: 'PJSIP', resource, state })
  endpoints.apply({ type: 'SnapshotTaken', endpoints: [described('101', 'online'), described('102', 'offline')] })
  endpoints.apply({ type: 'ConnectionLost' })
  expect([...api.operatorStates()]).toEqual([
    ['101', 'idle'],
    ['102', 'offline'],
  ])
})
