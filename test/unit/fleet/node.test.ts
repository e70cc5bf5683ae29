// One node of a fleet: what its messages make of its state and calls, and what of that is published.

import { describe, expect, test } from 'vitest'
import { createNode, type Node } from '../../../src/fleet/node.ts'
import { createRoom } from '../../../src/fleet/nodeCalls.ts'
import { readNodeMessage } from '../../../src/fleet/nodeMessage.ts'
import type { FleetChange } from '../../../src/http/live/fleetMessage.ts'
import { activeCall, endedCall, MISSED, pbx, snapshot } from './messages.ts'

type Unnumbered<T> = T extends unknown ? Omit<T, 'seq'> : never

interface Harness {
  readonly node: Node
  /** What was published since the last time. */
  published(): readonly Unnumbered<FleetChange>[]
  send(message: object): boolean
  tick(): void
}

function harness({ room = 1_000 } = {}): Harness {
  const published: FleetChange[] = []
  let at = Date.UTC(2026, 0, 15)
  const node = createNode('https://pbx1:9745', {
    publish: (make) => void published.push(make(published.length + 1)),
    ...createRoom(room),
    now: () => at,
  })
  return {
    node,
    published: () => published.splice(0).map(({ seq: _, ...rest }) => rest),
    send(message) {
      const read = readNodeMessage(JSON.stringify(message))
      if (read === null) {
        throw new Error(`unreadable: ${JSON.stringify(message)}`)
      }
      return node.receive(read)
    },
    tick() {
      at += 1_000
    },
  }
}

const ids = (node: Node): readonly string[] => [...node.calls()].map(({ channel_id }) => channel_id)

describe('the state', () => {
  test('is connecting, then live with what the snapshot says, then unreachable with the reason', () => {
    const { node, published, send, tick } = harness()
    expect(node.entry()).toEqual({
      ...{ url: 'https://pbx1:9745', site: null, state: 'connecting', since: '2026-01-15T00:00:00.000Z' },
      ...{ problem: null, in_sync: null, asterisk: null, calls_active: null },
    })
    tick()
    expect(send(snapshot([activeCall('a')]))).toBe(true)
    const live = node.entry()
    expect(live).toEqual({
      ...{ url: 'https://pbx1:9745', site: 'helsinki', state: 'live', since: '2026-01-15T00:00:01.000Z' },
      ...{ problem: null, in_sync: true, asterisk: pbx().asterisk, calls_active: 1 },
    })
    expect(published()).toEqual([
      { type: 'node', node: { ...live, calls_active: 0 } },
      { type: 'call', change: 'changed', call: { ...activeCall('a'), id: 'log-1.17', site: 'helsinki' } },
    ])
    tick()
    node.lose('nothing listens at this address')
    expect(node.entry()).toMatchObject({
      ...{ state: 'unreachable', since: '2026-01-15T00:00:02.000Z', problem: 'nothing listens at this address' },
      ...{ site: 'helsinki', in_sync: null, calls_active: null },
    })
    expect(published().map(({ type }) => type)).toEqual(['gone', 'node'])
    tick()
    node.lose('it does not answer')
    expect(node.entry()).toMatchObject({ since: '2026-01-15T00:00:02.000Z', problem: 'it does not answer' })
    expect(published().map(({ type }) => type)).toEqual(['node'])
    node.lose('it does not answer')
    expect(published()).toEqual([])
  })

  test('has the problem of the node with its Asterisk while it is live', () => {
    const { node, published, send } = harness()
    send(snapshot([]))
    published()
    send({ type: 'pbx', seq: 8, pbx: pbx({ in_sync: false, problem: 'Asterisk refuses the password' }) })
    expect(node.entry()).toMatchObject({ state: 'live', in_sync: false, problem: 'Asterisk refuses the password' })
    expect(published().map(({ type }) => type)).toEqual(['node'])
  })

  test('since when it has not been in sync is told by the node; since when it is again, by the fleet', () => {
    const { node, send, tick } = harness()
    const lost = '2026-01-14T22:00:00.000Z'
    const down = { in_sync: false, problem: 'Asterisk refuses the password' }
    send(snapshot([], { pbx: pbx({ ...down, since: lost }) }))
    expect(node.entry().since).toBe(lost)
    tick()
    send({ type: 'pbx', seq: 8, pbx: pbx() })
    expect(node.entry().since).toBe('2026-01-15T00:00:01.000Z')
    tick()
    send({ type: 'pbx', seq: 9, pbx: pbx({ ...down, since: null }) })
    expect(node.entry().since).toBe('2026-01-15T00:00:02.000Z')
  })
})

describe('calls', () => {
  test('begin, change and end with the site and the id of the log', () => {
    const { node, published, send } = harness()
    send(snapshot([]))
    published()
    send({ type: 'call', seq: 8, change: 'started', call: activeCall('a') })
    send({ type: 'call', seq: 9, change: 'answered', call: activeCall('a', { state: 'talking' }) })
    expect(ids(node)).toEqual(['a'])
    send({ type: 'ended', seq: 10, call: endedCall('a') })
    expect(ids(node)).toEqual([])
    const at = { id: 'log-1.17', site: 'helsinki' }
    expect(published()).toEqual([
      { type: 'call', change: 'started', call: { ...activeCall('a'), ...at } },
      { type: 'call', change: 'answered', call: { ...activeCall('a', { state: 'talking' }), ...at } },
      { type: 'ended', call: { ...endedCall('a'), ...at } },
    ])
  })

  test('of an older exporter, which does not say when a caller entered the queue, are read', () => {
    const { node, send } = harness()
    const { queue_time: _, ...call } = activeCall('a', { state: 'queued', queue: 'sales' })
    send(snapshot([]))
    send({ type: 'call', seq: 8, change: 'started', call })
    expect([...node.calls()]).toMatchObject([{ channel_id: 'a', queue: 'sales', queue_time: null }])
  })

  test('of a new snapshot are published if they differ; those that are not in it are gone', () => {
    const { node, published, send } = harness()
    send(snapshot([activeCall('stays'), activeCall('changes'), activeCall('ends')]))
    published()
    send(snapshot([activeCall('stays')], { seq: 90, more: true }))
    expect(published()).toEqual([])
    expect(node.position()).toBeNull()
    send({ type: 'call', seq: 91, change: 'started', call: activeCall('new') })
    send({ type: 'calls', calls: [activeCall('changes', { state: 'held' })], more: false })
    expect(ids(node)).toEqual(['stays', 'changes', 'new'])
    expect(published().map((each) => ('call' in each ? each.call.channel_id : each))).toEqual([
      'new',
      'changes',
      { type: 'gone', site: 'helsinki', channel_ids: ['ends'] },
    ])
    expect(node.position()).toEqual({ epoch: 'run-1', seq: 91 })
  })

  test('of another name of the site are new ones', () => {
    const { published, send } = harness()
    send(snapshot([activeCall('a')]))
    published()
    send(snapshot([activeCall('a')], { pbx: pbx({ site: 'turku' }) }))
    expect(published().map((each) => ('call' in each ? [each.type, each.call.site] : each))).toEqual([
      { type: 'gone', site: 'helsinki', channel_ids: ['a'] },
      expect.objectContaining({ type: 'node' }),
      ['call', 'turku'],
    ])
  })

  test('without room are counted as the node counts them, and not kept', () => {
    const { node, send } = harness({ room: 2 })
    send(snapshot([activeCall('a'), activeCall('b'), activeCall('c'), activeCall('d')], { active: 4 }))
    expect(ids(node)).toEqual(['a', 'b'])
    expect(node.entry().calls_active).toBe(4)
    send({ type: 'ended', seq: 8, call: endedCall('a') })
    send({ type: 'figures', figures: { calls_active: 3 } })
    send({ type: 'call', seq: 9, change: 'held', call: activeCall('c') })
    expect(ids(node)).toEqual(['b', 'c'])
    expect(node.callsActive()).toBe(3)
  })
})

test('missed callers have the site and ids of the log', () => {
  const { published, send } = harness()
  send(snapshot([]))
  published()
  send({ type: 'missed_caller', seq: 8, change: 'closed', caller: MISSED })
  expect(published()).toEqual([
    {
      type: 'missed_caller',
      change: 'closed',
      caller: { ...MISSED, id: 'log-1.3', closed_by_call: 'log-1.44', site: 'helsinki' },
    },
  ])
})

describe('the order of messages', () => {
  test('a message that does not follow the one before is refused, and so is any without a snapshot', () => {
    const { node, send } = harness()
    expect(send({ type: 'figures', figures: { calls_active: 0 } })).toBe(false)
    send(snapshot([]))
    expect(send({ type: 'call', seq: 9, change: 'started', call: activeCall('a') })).toBe(false)
    expect(send({ type: 'call', seq: 8, change: 'started', call: activeCall('a') })).toBe(true)
    node.forgetPosition()
    expect(node.position()).toBeNull()
    expect(send({ type: 'resumed', epoch: 'run-1', seq: 8 })).toBe(false)
    expect(ids(node)).toEqual(['a'])
  })

  test('agents, and kinds of messages of a newer exporter, count in the order', () => {
    const { node, send } = harness()
    send(snapshot([]))
    expect(send({ type: 'agent', seq: 8, change: 'left', agent: {} })).toBe(true)
    expect(send({ type: 'recording', seq: 9, of: 'a' })).toBe(true)
    expect(send({ type: 'hint' })).toBe(true)
    expect(send({ type: 'call', seq: 10, change: 'moved', call: { ...activeCall('a'), further: true } })).toBe(true)
    expect([...node.calls()]).toEqual([{ ...activeCall('a'), id: 'log-1.17', site: 'helsinki' }])
  })
})

test.each([
  ['no JSON', 'hello'],
  ['no type', '{"seq":1}'],
  ['a call without a field', JSON.stringify({ type: 'call', seq: 8, change: 'started', call: { channel_id: 'a' } })],
  ['a snapshot of an exporter without a site', JSON.stringify(snapshot([], { pbx: pbx({ site: '' }) }))],
])('%s is not read', (_, text) => {
  expect(readNodeMessage(text)).toBeNull()
})
