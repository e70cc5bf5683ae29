// Which endpoints the page shows, in which order, and the setting that corrects their roles.

import { expect, test } from 'vitest'
import { REASONS, type Role, reasonRole } from '../../../../src/endpoint/judge.ts'
import {
  chooseEndpoints,
  countEndpoints,
  FEW,
  isWrong,
  SPEAKS_FOR,
  trunksSetting,
  type View,
} from '../../../../src/http/page/client/endpointList.ts'
import type { EndpointEntry } from '../../../../src/query/endpointSchema.ts'

const compare = new Intl.Collator('en', { numeric: true }).compare

function endpoint(name: string, changes: Partial<EndpointEntry> = {}): EndpointEntry {
  return {
    ...{ endpoint: name, technology: 'PJSIP', state: 'online', role: 'phone', decided_by: 'configuration' },
    ...{ certainty: 'sure', reasons: [], ...changes },
  }
}

const doubtful = (name: string, changes: Partial<EndpointEntry> = {}) =>
  endpoint(name, { certainty: 'doubtful', ...changes })

const names = (endpoints: readonly EndpointEntry[], view: View, text = '') =>
  chooseEndpoints(endpoints, { view, text, compare }).map((one) => one.endpoint)

const OFFICE = [
  endpoint('1000'),
  endpoint('101', { state: 'offline' }),
  endpoint('trunk-b', { role: 'trunk' }),
  endpoint('trunk-a', { role: 'trunk', state: 'offline' }),
  doubtful('door'),
  doubtful('gateway', { role: 'trunk' }),
  doubtful('205', { decided_by: 'name', technology: 'SIP' }),
]

test.each<readonly [View, readonly string[]]>([
  ['notable', ['gateway', '205', 'door', 'trunk-a', 'trunk-b']],
  ['doubtful', ['gateway', '205', 'door']],
  ['phones', ['205', 'door', '101', '1000']],
  ['offline', ['trunk-a', '101']],
  ['all', ['gateway', '205', 'door', 'trunk-a', 'trunk-b', '101', '1000']],
])('%s: doubtful ones first, trunks before phones, then by name', (view, wanted) => {
  expect(names(OFFICE, view)).toEqual(wanted)
})

test('a name is looked for among all, whatever the view and the case', () => {
  expect(names(OFFICE, 'doubtful', ' TRUNK ')).toEqual(['trunk-a', 'trunk-b'])
  expect(names(OFFICE, 'notable', '10')).toEqual(['101', '1000'])
})

test('phones of which only the name is known come after the trunks when they are many', () => {
  const unread = (count: number) =>
    Array.from({ length: count }, (_, index) => doubtful(String(2000 + index), { decided_by: 'name' }))
  const others = [endpoint('trunk-a', { role: 'trunk' }), doubtful('door')]
  expect(names([...others, ...unread(FEW)], 'notable').at(-1)).toBe('trunk-a')
  expect(names([...others, ...unread(FEW + 1)], 'notable').slice(0, 3)).toEqual(['door', 'trunk-a', '2000'])
})

test('counts roles, doubtful ones and those offline', () => {
  expect(countEndpoints(OFFICE)).toEqual({ trunks: 3, phones: 4, doubtful: 3, offline: 2 })
})

test('the setting names the trunks as they should be', () => {
  const setting = (wanted: Readonly<Record<string, Role>>) => trunksSetting(OFFICE, new Map(Object.entries(wanted)))
  expect(setting({})).toBe("TRUNKS='gateway,trunk-a,trunk-b'")
  expect(setting({ gateway: 'phone', door: 'trunk', 'trunk-a': 'trunk' })).toBe("TRUNKS='door,trunk-a,trunk-b'")
  // Two technologies may have one name, and TRUNKS knows only names.
  expect(trunksSetting([doubtful('x'), doubtful('x', { technology: 'SIP' })], new Map([['x', 'trunk']]))).toBe(
    "TRUNKS='x'",
  )
})

test('without any trunk, the setting is not empty, which would mean that they are found', () => {
  expect(trunksSetting([endpoint('x', { role: 'trunk' })], new Map([['x', 'phone']]))).toBe("TRUNKS='none'")
})

test('each reason speaks for the role that it counts for', () => {
  expect(SPEAKS_FOR).toEqual(Object.fromEntries(REASONS.map((reason) => [reason, reasonRole(reason)])))
})

test('what somebody wanted is no correction any more once it is so', () => {
  const wanted = new Map([['door', 'trunk' as const]])
  expect(isWrong(doubtful('door'), wanted)).toBe(true)
  expect(isWrong(doubtful('door', { role: 'trunk' }), wanted)).toBe(false)
  expect(isWrong(doubtful('other'), wanted)).toBe(false)
})
