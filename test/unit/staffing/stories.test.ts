// Who is there: each story is a while on a floor of agents, and what is known of them at its end.

import { describe, expect, test } from 'vitest'
import { queueCommand } from '../../../src/staffing/queueCommand.ts'
import { T0 } from '../metrics/records.ts'
import { channelOf, Floor } from './floor.ts'

const ONE = 'PJSIP/101'
const TWO = 'PJSIP/102'

/** A name that Asterisk would replace. */
const FORBIDDEN = ['$', '{X}'].join('')

/** Queue `sales` with two members whose phones are idle, and a call that lasts. */
function office(wrapUp = 0): Floor {
  return new Floor().queue('sales', [ONE, TWO], wrapUp).idle('101', '102').connect().talk().enters('sales').run(6)
}

interface Story {
  readonly name: string
  readonly tell: () => Floor
  /** The agents of `sales`; null: not known. */
  readonly sales: Readonly<Record<string, number>> | null
}

const STORIES: readonly Story[] = [
  { name: 'a caller enters a queue: its members become known', tell: () => office(), sales: { free: 2 } },
  {
    name: 'nothing is known of a queue that nobody named',
    tell: () => new Floor().queue('sales', [ONE]).connect().talk().run(10),
    sales: null,
  },
  {
    name: 'nothing is known before the snapshot',
    tell: () => new Floor().queue('sales', [ONE]).talk().enters('sales').run(10),
    sales: null,
  },
  {
    name: 'a queue in which a caller waits when the session begins',
    tell: () =>
      new Floor()
        .queue('sales', [ONE])
        .idle('101')
        .talk()
        .connect([channelOf({ app: 'Queue', appData: 'sales' })])
        .run(2),
    sales: { free: 1 },
  },
  {
    name: 'a log-in by phone',
    tell: () => office().byPhone('AddQueueMember', 'sales,PJSIP/103').idle('103').run(1),
    sales: { free: 3 },
  },
  {
    name: 'a log-out by phone',
    tell: () => office().byPhone('RemoveQueueMember', 'sales,PJSIP/101').run(1),
    sales: { free: 1 },
  },
  {
    name: 'a log-in by CLI, between two answers',
    tell: () => office().idle('103').adds('sales', 'PJSIP/103').run(6),
    sales: { free: 3 },
  },
  { name: 'a log-out by CLI', tell: () => office().removes('sales', TWO).run(6), sales: { free: 1 } },
  { name: 'a pause by CLI', tell: () => office().pauses('sales', TWO).run(6), sales: { free: 1, paused: 1 } },
  {
    name: 'a pause by phone',
    tell: () => office().byPhone('PauseQueueMember', 'sales,PJSIP/102,,lunch').run(1),
    sales: { free: 1, paused: 1 },
  },
  {
    name: 'the end of a pause by phone',
    tell: () => office().pauses('sales', TWO).run(6).byPhone('UnpauseQueueMember', 'sales,PJSIP/102').run(1),
    sales: { free: 2 },
  },
  {
    name: 'the end of a pause without an interface: the own phone',
    tell: () => office().pauses('sales', TWO).run(6).byPhone('UnpauseQueueMember', 'sales').run(1),
    sales: { free: 2 },
  },
  {
    name: 'a log-in that Asterisk refuses is corrected by the next answer',
    tell: () => office().app('AddQueueMember', 'sales,PJSIP/103', 'PJSIP/103-00000001').run(1),
    sales: { free: 2 },
  },
  {
    name: 'ringing, talking and offline come from calls and endpoints',
    tell: () => {
      const floor = office().adds('sales', 'PJSIP/103').run(6)
      floor.phones.set('101', 'ringing').set('102', 'talking').set('103', 'offline')
      return floor.run(1)
    },
    sales: { ringing: 1, talking: 1, offline: 1 },
  },
  {
    name: 'who is paused and talks is talking',
    tell: () => {
      const floor = office().pauses('sales', TWO).run(6)
      floor.phones.set('102', 'talking')
      return floor.run(1)
    },
    sales: { free: 1, talking: 1 },
  },
  {
    name: 'wrap-up of 20 s, after 10 s',
    tell: () => office(20).serves('sales', '102', 30).run(10),
    sales: { free: 1, wrapup: 1 },
  },
  {
    name: 'wrap-up of 20 s, after 26 s',
    tell: () => office(20).serves('sales', '102', 30).run(26),
    sales: { free: 2 },
  },
  {
    name: 'wrap-up that was seen before, without a channel',
    tell: () => office(20).serves('sales', '102', 30).run(25).serves('sales', '101', 9).hangUp().run(14),
    sales: { free: 1, wrapup: 1 },
  },
  {
    name: 'wrap-up that was seen before is over, without a channel',
    tell: () => office(20).serves('sales', '102', 30).run(25).serves('sales', '101', 9).hangUp().run(30),
    sales: { free: 2 },
  },
  {
    name: 'no wrap-up that nobody has seen, without a channel',
    tell: () => {
      const floor = new Floor({ remembered: [{ queue: 'sales', members: [ONE, TWO] }] }).queue('sales', [ONE, TWO], 20)
      return floor.idle('101', '102').connect().run(2).serves('sales', '102', 30).run(3)
    },
    sales: { free: 2 },
  },
  {
    name: 'a Local member is named after its phone',
    tell: () =>
      new Floor()
        .queue('sales', ['Local/102@agents/n'])
        .connect()
        .idle('102')
        .talk()
        .enters('sales')
        .serves('other', '102', 6)
        .run(2),
    sales: { free: 1 },
  },
  {
    name: 'a Local member leads to the phone that its calls reach',
    tell: () => {
      const floor = new Floor().queue('sales', ['Local/7@agents/n']).idle('102').connect().talk().enters('sales')
      floor.leadsTo.set('Local/7@agents/n', '102')
      dials(floor, 'Local/7@agents-00000001;2', 'PJSIP/102-00000002')
      floor.phones.set('102', 'talking')
      return floor.run(6)
    },
    sales: { talking: 1 },
  },
  {
    name: 'a Local member that reaches two phones is free while Asterisk counts it so',
    tell: () => {
      const floor = new Floor().queue('sales', ['Local/7@agents/n']).idle('102', '103').connect().talk().enters('sales')
      dials(floor, 'Local/7@agents-00000001;2', 'PJSIP/102-00000002')
      dials(floor, 'Local/7@agents-00000001;2', 'PJSIP/103-00000003')
      return floor.run(6)
    },
    sales: { free: 1 },
  },
  {
    name: 'an agent of the agent pool who is not logged in',
    tell: () => {
      const floor = new Floor().queue('sales', ['Agent:1001']).connect().talk().enters('sales')
      floor.leadsTo.set('Agent:1001', 'pool')
      floor.phones.set('pool', 'offline')
      return floor.run(6)
    },
    sales: { offline: 1 },
  },
  {
    name: 'members that an earlier run remembered, before anybody calls',
    tell: () =>
      new Floor({ remembered: [{ queue: 'sales', members: [ONE, TWO] }] })
        .queue('sales', [ONE, TWO])
        .idle('101', '102')
        .pauses('sales', TWO)
        .connect()
        .run(3),
    sales: { free: 1, paused: 1 },
  },
  {
    name: 'a queue that an earlier run left unstaffed, before anybody calls',
    tell: () => new Floor({ remembered: [{ queue: 'sales', members: [] }] }).queue('sales', []).connect().run(3),
    sales: {},
  },
  {
    name: 'somebody logs in by AMI to a queue without members, and no channel lives',
    tell: () =>
      new Floor({ remembered: [{ queue: 'sales', members: [] }] })
        .queue('sales', [])
        .connect()
        .run(3)
        .adds('sales', ONE)
        .idle('101')
        .run(15),
    sales: null,
  },
  {
    name: 'Asterisk was restarted, and its dynamic members are gone',
    tell: () => new Floor({ remembered: [{ queue: 'sales', members: [ONE] }] }).queue('sales', []).connect().run(15),
    sales: {},
  },
  {
    name: 'a channel that is gone: another is asked',
    tell: () => {
      const floor = new Floor().queue('sales', [ONE]).idle('101').connect().talk('a').talk('b').enters('sales')
      floor.gone.add('a')
      return floor.run(2)
    },
    sales: { free: 1 },
  },
  {
    name: 'slow answers',
    tell: () =>
      new Floor({ delay: 3 }).queue('sales', [ONE, TWO]).idle('101', '102').connect().talk().enters('sales').run(12),
    sales: { free: 2 },
  },
  { name: 'the session is lost', tell: () => office().disconnect(), sales: null },
  {
    name: 'the session is lost and back',
    tell: () => office().disconnect().run(5).connect().run(2),
    sales: { free: 2 },
  },
  {
    name: 'Asterisk does not answer for a minute',
    tell: () => {
      const floor = office()
      floor.failure = 'no_answer'
      return floor.run(62)
    },
    sales: null,
  },
  {
    name: 'the clock of Asterisk is set back an hour',
    tell: () => {
      const floor = office()
      floor.staffing.apply({ type: 'ClockStepped', at: floor.now, byMs: -3_600_000 })
      return floor.run(2)
    },
    sales: { free: 2 },
  },
  {
    name: 'a queue is renamed',
    tell: () => {
      const floor = office()
      floor.queues.delete('sales')
      return floor.queue('sales2', [ONE]).run(6)
    },
    sales: null,
  },
  {
    name: 'fifty members, of whom ten are paused',
    tell: () => {
      const members = Array.from({ length: 50 }, (_, index) => `PJSIP/${200 + index}`)
      const floor = new Floor().queue('sales', members).connect().talk().enters('sales')
      floor.idle(...members.map((member) => member.slice(6)))
      for (const member of members.slice(20, 30)) {
        floor.pauses('sales', member)
      }
      return floor.run(3)
    },
    sales: { free: 40, paused: 10 },
  },
  {
    name: 'a member with forbidden characters is not asked about, and counted',
    tell: () =>
      new Floor()
        .queue('sales', [ONE, `PJSIP/${FORBIDDEN}`])
        .idle('101', FORBIDDEN)
        .connect()
        .talk()
        .enters('sales')
        .run(6),
    sales: { free: 2 },
  },
]

function dials(floor: Floor, from: string, to: string): void {
  const [caller, peer] = [channelOf({ id: 'x', name: from }), channelOf({ id: 'y', name: to })]
  floor.staffing.apply({ type: 'Dialed', at: floor.now, caller, peer, status: 'trying', dialString: '102' })
}

describe('what is known of the agents of a queue', () => {
  test.each(STORIES)('$name', ({ tell, sales }) => {
    expect(tell().counts('sales')).toEqual(sales)
  })
})

test('a pause by phone says why and since when, in every queue that it is for', () => {
  const floor = office().queue('support', [TWO]).enters('support').run(6)
  const at = floor.now
  floor.byPhone('PauseQueueMember', ',PJSIP/102,,coffee break').run(20)
  const paused = { member: TWO, state: 'paused', since: at, pauseReason: 'coffee break' }
  expect(floor.agents().filter(({ state }) => state === 'paused')).toMatchObject([
    { queue: 'sales', ...paused },
    { queue: 'support', ...paused },
  ])
})

test('a member of two queues who is paused in one', () => {
  const floor = office().queue('support', [TWO]).enters('support').run(6).pauses('support', TWO).run(6)
  expect(floor.states()).toEqual({
    'sales PJSIP/101': 'free',
    'sales PJSIP/102': 'free',
    'support PJSIP/102': 'paused',
  })
})

test('of two free agents, the one whose call ended last is in wrap-up', () => {
  const floor = office(20).serves('sales', '101', 5).run(60).serves('sales', '102', 5).run(3)
  expect(floor.states()).toEqual({ 'sales PJSIP/101': 'free', 'sales PJSIP/102': 'wrapup' })
})

const ANN = { callId: 'c1', number: '0401234567', name: 'Ann Example' }

test('who talks or rings says with whom, since when, and tells when that changes', () => {
  const floor = office()
  floor.calls.set('102', { ...ANN, since: floor.now - 3_000 })
  floor.phones.set('102', 'ringing')
  floor.run(1)
  floor.phones.set('102', 'talking')
  floor.calls.set('102', { ...ANN, since: floor.now })
  const answeredAt = floor.now
  floor.run(5)
  floor.calls.set('102', { callId: 'c2', number: '103', name: '', since: floor.now })
  const nextAt = floor.now
  floor.run(5)
  floor.phones.set('102', 'idle')
  floor.run(1)
  const told = floor.facts.filter(({ agent }) => agent.member === TWO).slice(2)
  expect(told.map(({ agent: { state, since, call } }) => [state, since, call])).toEqual([
    ['ringing', answeredAt - 4_000, ANN],
    ['talking', answeredAt, ANN],
    ['talking', nextAt, { callId: 'c2', number: '103', name: '' }],
    ['free', nextAt + 5_200, null],
  ])
})

describe('occupancy', () => {
  const spent = (floor: Floor, member: string) => {
    const found = floor.agents().find((agent) => agent.member === member)?.occupancy
    return found == null ? null : [found.busyMs / 1000, found.staffedMs / 1000, (found.since - T0) / 1000]
  }

  test('is the time with calls of the time that is neither paused nor offline', () => {
    const floor = office()
    const [, before = 0] = spent(floor, ONE) ?? []
    floor.serves('sales', '101', 30).run(10)
    expect(spent(floor, ONE)).toEqual([30, before + 40, 0.2])
    floor.pauses('sales', ONE).run(60)
    const [busy, staffed = 0] = spent(floor, ONE) ?? []
    expect([busy, staffed < before + 50]).toEqual([30, true])
  })

  test('includes wrap-up', () => {
    const floor = office(20).serves('sales', '101', 30).run(60).serves('sales', '101', 30).run(60)
    const [busy = 0] = spent(floor, ONE) ?? []
    expect(busy).toBeGreaterThan(90)
    expect(busy).toBeLessThan(115)
  })

  test('is not known of agents of whom nothing was known, and stops while the connection is lost', () => {
    const floor = new Floor().queue('sales', [ONE]).idle('101').connect().enters('sales')
    expect(spent(floor.run(1), ONE)).toBeNull()
    const known = office()
    const before = spent(known, ONE)
    expect(spent(known.disconnect().run(60), ONE)).toEqual(before?.with(1, (before[1] ?? 0) + 0.2))
  })

  test('survives a log-out and begins anew with the day', () => {
    const floor = office().serves('sales', '101', 30).removes('sales', ONE).run(20).adds('sales', ONE).run(20)
    expect(spent(floor, ONE)?.[0]).toBe(30)
    floor.run(10_000 - (floor.now - T0) / 1000 + 100)
    const [busy, staffed = 0, since] = spent(floor, ONE) ?? []
    expect([busy, Math.round(staffed), since]).toEqual([0, 100, 10_000])
  })
})

test('changes are told once each', () => {
  const floor = office().run(30)
  expect(floor.facts.map(({ type, agent }) => [type, agent.member, agent.state])).toEqual([
    ['AgentChanged', TWO, null],
    ['AgentChanged', ONE, null],
    ['AgentChanged', TWO, 'free'],
    ['AgentChanged', ONE, 'free'],
  ])
  floor.facts.length = 0
  floor.removes('sales', ONE).run(6)
  expect(floor.facts.map(({ type, agent }) => [type, agent.member])).toEqual([['AgentLeft', ONE]])
})

test('a queue whose name has forbidden characters is not asked about, and told once', () => {
  const floor = office().enters(FORBIDDEN).enters(FORBIDDEN).run(30)
  expect(floor.asked()).not.toContain(FORBIDDEN)
  expect(floor.unaskable).toEqual([FORBIDDEN])
})

test('a queue that Asterisk does not know is asked once an hour, and once a minute while it is called', () => {
  const floor = new Floor().connect().talk().enters('old').run(60)
  expect(floor.asked()).toEqual(['old'])
  floor.enters('old').enters('old').run(65)
  expect(floor.asked()).toEqual(['old', 'old'])
  floor.run(3_600)
  expect(floor.asked()).toEqual(['old', 'old', 'old'])
})

test('twenty queues under the budget of five questions: each change is seen within 15 s', () => {
  const floor = new Floor().connect().talk()
  const names = Array.from({ length: 20 }, (_, index) => `q${index}`)
  for (const name of names) {
    floor.queue(name, [ONE]).enters(name)
  }
  floor.idle('101', '102').run(20)
  for (const name of names) {
    floor.adds(name, TWO)
  }
  floor.run(15)
  expect(names.map((name) => floor.counts(name))).toEqual(names.map(() => ({ free: 2 })))
})

test('what is remembered are the queues that exist, with their members', () => {
  const floor = office().enters('old').queue('empty', []).enters('empty').run(6)
  expect(floor.staffing.remembered()).toEqual([
    { queue: 'sales', members: [TWO, ONE] },
    { queue: 'empty', members: [] },
  ])
})

test('nothing is asked while the session is lost', () => {
  const floor = office().disconnect()
  const before = floor.questions.length
  expect([floor.run(60).questions.length, before > 0]).toEqual([before, true])
})

// As Asterisk 22.10 sends them.
test.each([
  [
    'AddQueueMember',
    'empty,PJSIP/105,3,,Agent Five',
    { type: 'added', queue: 'empty', member: 'PJSIP/105', name: 'Agent Five', stateInterface: null },
  ],
  [
    'AddQueueMember',
    'empty',
    { type: 'added', queue: 'empty', member: 'Local/7996@internal', name: null, stateInterface: null },
  ],
  [
    'AddQueueMember',
    'q,Local/1@a,,,,PJSIP/1',
    { type: 'added', queue: 'q', member: 'Local/1@a', name: null, stateInterface: 'PJSIP/1' },
  ],
  ['RemoveQueueMember', 'empty,PJSIP/105', { type: 'removed', queue: 'empty', member: 'PJSIP/105' }],
  [
    'PauseQueueMember',
    ',PJSIP/105,,coffee break',
    { type: 'paused', queue: null, member: 'PJSIP/105', reason: 'coffee break' },
  ],
  ['PauseQueueMember', 'empty,PJSIP/105', { type: 'paused', queue: 'empty', member: 'PJSIP/105', reason: null }],
  ['UnpauseQueueMember', 'empty,PJSIP/105', { type: 'unpaused', queue: 'empty', member: 'PJSIP/105' }],
  ['Queue', 'sales,,,,20', { type: 'entered', queue: 'sales' }],
  ['Queue', '', null],
  ['Dial', 'PJSIP/101', null],
])('%s(%s)', (app, appData, command) => {
  expect(queueCommand(channelOf({ app, appData, name: 'Local/7996@internal-0000000f;2' }))).toEqual(command)
})

test('times are those of the PBX', () => {
  expect(
    office()
      .agents()
      .every(({ since }) => since !== null && since > T0 && since < T0 + 6_000),
  ).toBe(true)
})
