// The page of a fleet, as far as it needs no browser: the feed of many sites, their table, and lists whose entries have sites.

import { describe, expect, test } from 'vitest'
import type { FleetActiveCall, FleetLiveMessage, NodeEntry } from '../../../../src/http/live/fleetMessage.ts'
import { withFresh } from '../../../../src/http/page/client/callPages.ts'
import type { Caller } from '../../../../src/http/page/client/entries.ts'
import { createI18n } from '../../../../src/http/page/client/i18n.ts'
import { createLiveState } from '../../../../src/http/page/client/liveState.ts'
import { createMissedCallerList } from '../../../../src/http/page/client/missedCallerList.ts'
import {
  type SiteSources,
  siteNames,
  siteRows,
  sitesOff,
  summaryOf,
} from '../../../../src/http/page/client/siteList.ts'
import { entry, missedCaller, returnedCaller } from './entries.ts'

const T = '2026-11-23T07:00:00.000Z'
const compare = new Intl.Collator('en', { numeric: true }).compare

function node(site: string | null, changes: Partial<NodeEntry> = {}): NodeEntry {
  return {
    url: `http://${site ?? 'new'}.example:9745`,
    site,
    state: 'live',
    since: T,
    problem: null,
    in_sync: true,
    asterisk: { version: '22.1.0', entity_id: '02:00', start_time: T },
    calls_active: 0,
    ...changes,
  }
}

const LOST = { state: 'unreachable', in_sync: null, calls_active: null, problem: 'connection refused' } as const
const DOWN = { in_sync: false, problem: 'Asterisk does not answer' } as const

function liveCall(site: string, channel_id: string): FleetActiveCall {
  return {
    ...{ id: null, site, channel_id, caller: '101', caller_name: '', callee: '102', direction: 'internal' },
    ...{ state: 'talking', start_time: T, answer_time: T, queue: null, answered_by: ['102'], trunk: null },
    ...{ queue_time: null, transfers: 0, voice: null },
  }
}

describe('the feed', () => {
  const figures = { now: T, start_time: T, calls_active: 3, nodes: 2, nodes_live: 2 }
  const snapshot: FleetLiveMessage = {
    ...{ type: 'snapshot', epoch: 'run-1', seq: 5, figures, more: false },
    nodes: [node('a'), node('b')],
    calls: [liveCall('a', '1.1'), liveCall('b', '1.1'), liveCall('b', '1.2')],
  }
  const keys = (state: ReturnType<typeof createLiveState>) =>
    [...state.calls.values()].map(({ site, channel_id }) => `${site} ${channel_id}`)

  test('keeps calls apart whose channels have the same id at two sites', () => {
    const state = createLiveState()
    state.apply(snapshot)
    expect(keys(state)).toEqual(['a 1.1', 'b 1.1', 'b 1.2'])
    const { voice: _, state: __, ...ended } = liveCall('b', '1.1')
    const { id, tried: ___, ...rest } = entry(1)
    expect(state.apply({ type: 'ended', seq: 6, call: { ...rest, ...ended, id: String(id) } })).toBe('applied')
    expect(keys(state)).toEqual(['a 1.1', 'b 1.2'])
  })

  test('follows the nodes, and removes the calls of one that is lost', () => {
    const state = createLiveState()
    state.apply(snapshot)
    expect(state.apply({ type: 'gone', seq: 6, site: 'b', channel_ids: ['1.1', '1.2'] })).toBe('applied')
    expect(state.apply({ type: 'node', seq: 7, node: node('b', LOST) })).toBe('applied')
    expect(keys(state)).toEqual(['a 1.1'])
    expect(state.nodes()?.map(({ site, state: each }) => [site, each])).toEqual([
      ['a', 'live'],
      ['b', 'unreachable'],
    ])
    expect(state.position()).toBe('?since=7&epoch=run-1')
    expect(state.pbx()).toBeNull()
  })
})

describe('the table of sites', () => {
  const sources: SiteSources = {
    nodes: [
      node('site-10'),
      node('site-9'),
      node('down', DOWN),
      node('lost', LOST),
      node(null, { state: 'connecting', in_sync: null, asterisk: null }),
    ],
    isKnown: true,
    logged: [
      { site: 'site-9', last_call_time: T },
      { site: 'closed', last_call_time: T },
    ],
    calls: [liveCall('site-9', '1.1'), liveCall('site-9', '1.2'), liveCall('down', '1.1')],
  }

  test('has those that need somebody first, and each site of the log', () => {
    const rows = siteRows(sources, compare)
    expect(rows.map(({ name, state, live, lastCall }) => [name, state, live, lastCall])).toEqual([
      ['lost', 'unreachable', null, null],
      ['down', 'pbx_down', null, null],
      ['new.example:9745', 'connecting', null, null],
      ['closed', 'logged', null, T],
      ['site-9', 'connected', 2, T],
      ['site-10', 'connected', 0, null],
    ])
    expect(rows.map(({ problem }) => problem).slice(0, 2)).toEqual([LOST.problem, DOWN.problem])
    expect(siteNames(rows, 'chosen', compare)).toEqual(['chosen', 'closed', 'down', 'lost', 'site-9', 'site-10'])
  })

  test('says of no site that it is connected while the page is not', () => {
    const rows = siteRows({ ...sources, isKnown: false }, compare)
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['logged', 'unknown']))
    expect(rows.filter(({ live, since, problem }) => live !== null || since !== null || problem !== '')).toEqual([])
  })

  test('a site is observed as long as one of its nodes is connected', () => {
    const [one, other] = [node('a', { url: 'http://one' }), node('a', { url: 'http://other', ...LOST })]
    const off = (...nodes: readonly NodeEntry[]) => [...sitesOff(nodes, true).names]
    expect(off(one, other, node('b', DOWN), node('c', LOST))).toEqual(['b', 'c'])
    expect(off(other)).toEqual(['a'])
    expect(sitesOff([one], true)).toEqual({ names: new Set(), isPartial: false })
    expect(sitesOff([one], false)).toEqual({ names: new Set(['a']), isPartial: true })
    expect(sitesOff([one, node(null, LOST)], true)).toEqual({ names: new Set(), isPartial: true })
  })
})

describe('the head of the page', () => {
  const i18n = createI18n(['en'])

  test.each([
    ['all connected', [node('a'), node('b')], 'good', 'Sites connected: 2 of 2', '', 0],
    [
      'some not',
      [node('a'), node('b', DOWN), node('d', LOST), node('c', LOST)],
      'bad',
      'Sites connected: 1 of 4',
      'Exporter not reachable: c, d. Not connected to Asterisk: b.',
      3,
    ],
    [
      'one not yet',
      [node('a'), node(null, { state: 'connecting', in_sync: null })],
      'unknown',
      'Sites connected: 1 of 2',
      'Connecting: new.example:9745.',
      1,
    ],
    ['none set', [], 'unknown', 'No node is set: FLEET_NODES is empty', '', 0],
  ] as const)('%s', (_what, nodes, state, title, problem, missing) => {
    expect(summaryOf(nodes, i18n)).toEqual({ state, title, problem, missing })
  })

  test('names some of many', () => {
    const nodes = Array.from({ length: 9 }, (_, index) => node(`s${index + 1}`, LOST))
    expect(summaryOf(nodes, i18n).problem).toBe('Exporter not reachable: s1, s2, s3, s4, s5, s6, 3 more.')
  })
})

test('of two calls that began at once, the one with the lower row is older, as the cursor has it', () => {
  const call = (row: number) => ({ ...entry(1), id: `0b7e.${row}`, site: 'a', returned_by: null })
  const pages = withFresh(
    { calls: [10, 9, 8].map(call), next: 'c8' },
    { calls: [call(11), call(10)], next: 'c10', total: null },
  )
  expect(pages.calls.map(({ id }) => id)).toEqual(['0b7e.11', '0b7e.10', '0b7e.9', '0b7e.8'])
})

describe('missed callers', () => {
  const ofSite = (caller: ReturnType<typeof missedCaller>): Caller => {
    return { ...caller, site: 'a', id: `0b7e.${caller.id}`, closed_by_call: null }
  }
  const LAG_MS = 60_000

  function shown(list: ReturnType<typeof createMissedCallerList>) {
    const closed = list.closedSince(new Date(0).toISOString())
    return { waiting: list.waiting('longest').map(({ id }) => id), closed: closed.map(({ id }) => id) }
  }

  test('a report is not undone by an answer of the central call log, which learns of it later', () => {
    let now = 0
    const list = createMissedCallerList({ lagMs: LAG_MS, ticks: () => now })
    list.begin()
    list.load([missedCaller(1), missedCaller(2)].map(ofSite))
    list.apply(ofSite(returnedCaller(1, 60)))
    list.apply(ofSite(missedCaller(3)))
    now += LAG_MS - 1
    list.begin()
    list.load([missedCaller(1), missedCaller(2)].map(ofSite))
    expect(shown(list)).toEqual({ waiting: ['0b7e.2', '0b7e.3'], closed: ['0b7e.1'] })
    now += 1
    list.begin()
    list.load([missedCaller(2)].map(ofSite))
    expect(shown(list)).toEqual({ waiting: ['0b7e.2'], closed: [] })
  })

  test('an answer that knows more than a report replaces it', () => {
    const list = createMissedCallerList({ lagMs: LAG_MS, ticks: () => 0 })
    list.apply(ofSite(missedCaller(1)))
    list.apply(ofSite(missedCaller(2)))
    list.begin()
    list.load([ofSite(missedCaller(1, { attempts: 2 })), ofSite(returnedCaller(2, 60))])
    expect(list.waiting('longest').map(({ attempts }) => attempts)).toEqual([2])
    expect(shown(list).closed).toEqual(['0b7e.2'])
  })
})
