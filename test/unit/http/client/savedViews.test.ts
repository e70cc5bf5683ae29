// Saved views: what is stored is read back, whatever is in the storage.

import { describe, expect, test } from 'vitest'
import { NO_FILTERS } from '../../../../src/http/page/client/filters.ts'
import {
  filtersOfView,
  MAX_NAME_LENGTH,
  queryOfView,
  READY_VIEWS,
  renamedView,
  viewsOf,
  withoutView,
  withView,
} from '../../../../src/http/page/client/savedViews.ts'

const A = { name: 'A', query: 'queue=sales' }
const B = { name: 'B', query: 'missed=true&period=week' }

test('a view has the filters and the period that it was saved with', () => {
  const filters = { ...NO_FILTERS, text: 'a&b', missed: true, period: 'custom', from: '2026-11-01T00:00' } as const
  expect(filtersOfView({ query: queryOfView(filters) })).toEqual(filters)
})

test.each(Object.entries(READY_VIEWS))('%s names filters that there are', (_name, filters) => {
  expect(filtersOfView({ query: queryOfView(filters) })).toEqual({ ...NO_FILTERS, ...filters })
})

describe('the list', () => {
  test('is by name, and a name is there once', () => {
    expect(withView(withView([], B), A)).toEqual([A, B])
    expect(withView([A, B], { name: ' A ', query: 'x' })).toEqual([{ name: 'A', query: 'x' }, B])
    expect(withView([A], { name: ' ', query: 'x' })).toEqual([A])
    expect(withView([], { name: 'n'.repeat(500), query: '' })[0]?.name).toHaveLength(MAX_NAME_LENGTH)
    expect(withoutView([A, B], 'A')).toEqual([B])
  })

  test('a view can be renamed, over another one too', () => {
    expect(renamedView([A, B], 'A', 'C')).toEqual([B, { ...A, name: 'C' }])
    expect(renamedView([A, B], 'A', 'B')).toEqual([{ ...A, name: 'B' }])
    expect(renamedView([A, B], 'A', '  ')).toEqual([A, B])
    expect(renamedView([A, B], 'none', 'C')).toEqual([A, B])
  })

  test.each([null, '', '{', '7', 'null', '{"name":"A"}', '[null,1,{"name":"A"},{"name":1,"query":""}]'])(
    'is empty if the storage has %j',
    (stored) => {
      expect(viewsOf(stored)).toEqual([])
    },
  )

  test('is what was stored, without what is no view', () => {
    expect(viewsOf(JSON.stringify([B, 7, A]))).toEqual([A, B])
  })
})
