// Who is missed, and what closes it: each story is an afternoon of a small office.

import { expect, test } from 'vitest'
import type { MissedCaller } from '../../../src/callback/missedCaller.ts'
import { waitedMs } from '../../../src/callback/missedCaller.ts'
import { numberMatcher } from '../../../src/numbers/phoneNumber.ts'
import { applyAll, HOUR, listAfter, listOf, MINUTE, minute, missedCallersOf, Office, type Settings } from './office.ts'

const ANN = '+358401234567'
const BOB = '+358507654321'

type Line = Pick<MissedCaller, 'state' | 'attempts' | 'tries'> & { readonly waited: number | null }

function lines(office: Office, settings: Settings = {}, until = 0): readonly Line[] {
  return listAfter(office, settings, until).map(({ state, attempts, tries, ...rest }) => ({
    state,
    attempts,
    tries,
    waited: rest.closedAt === null ? null : waitedMs({ state, attempts, tries, ...rest }, 0) / MINUTE,
  }))
}

const waiting = { state: 'waiting', attempts: 1, tries: 0, waited: null } as const

test('a missed call opens one, with the queue, the name and the number that was called', () => {
  const office = new Office().misses('c1', ANN, 0, 1, { queue: 'sales', callerName: 'Ann', callee: '5550123' })
  expect(listAfter(office)).toEqual([
    {
      id: 1,
      key: ANN,
      number: ANN,
      name: 'Ann',
      state: 'waiting',
      firstMissAt: minute(1),
      lastMissAt: minute(1),
      attempts: 1,
      tries: 0,
      untriedSince: minute(1),
      queue: 'sales',
      called: '5550123',
      closedAt: null,
      closedBy: null,
      closedByPhone: null,
    },
  ])
})

test('somebody calls back and is answered', () => {
  const office = new Office().misses('c1', ANN, 0).reaches('c2', '101', '0401234567@trunk-a', 30)
  const [caller] = listAfter(office)
  expect(caller).toMatchObject({ state: 'returned', closedBy: 'c2', closedByPhone: '101', closedAt: minute(31) })
  expect(caller && waitedMs(caller, 0)).toBe(30 * MINUTE)
})

test('the caller calls again and is answered', () => {
  const office = new Office().misses('c1', ANN, 0).speaks('c2', ANN, 10, 15)
  expect(listAfter(office)).toMatchObject([{ state: 'called_again', closedBy: 'c2', closedByPhone: '101' }])
})

test('nobody calls back: it expires three days after the last miss', () => {
  const office = new Office().misses('c1', ANN, 0).misses('c2', ANN, 9)
  expect(lines(office, {}, 10 + 72 * HOUR - 1)).toEqual([{ ...waiting, attempts: 2 }])
  expect(lines(office, {}, 10 + 72 * HOUR)).toEqual([
    { state: 'expired', attempts: 2, tries: 0, waited: 9 + 72 * HOUR },
  ])
})

test('several missed calls of one number are one missed caller, as the last of them showed it', () => {
  const office = new Office()
    .misses('c1', '0401234567', 0, 1, { queue: 'sales' })
    .misses('c2', ANN, 5, 6, { queue: 'support', callee: '5550199' })
    .misses('c3', ANN, 8)
  expect(listAfter(office)).toMatchObject([
    { attempts: 3, number: ANN, queue: null, firstMissAt: minute(1), lastMissAt: minute(9) },
  ])
})

test('a second miss after the first was returned is another missed caller', () => {
  const office = new Office().misses('c1', ANN, 0).reaches('c2', '101', `${ANN}@trunk-a`, 5).misses('c3', ANN, 60)
  expect(lines(office)).toEqual([{ ...waiting, state: 'returned', waited: 5 }, waiting])
})

test('who was tried since the last miss is not overdue; the next miss is overdue from its own end', () => {
  const office = new Office().misses('c1', ANN, 0).misses('c2', ANN, 3)
  const since = () => listAfter(office).map(({ untriedSince }) => untriedSince)
  expect(since()).toEqual([minute(1)])
  office.failsToReach('c3', '101', ANN, 10)
  expect(since()).toEqual([null])
  office.misses('c4', ANN, 20).misses('c5', ANN, 30)
  expect(since()).toEqual([minute(21)])
  office.failsToReach('c6', '101', ANN, 40)
  expect(since()).toEqual([null])
})

test('a try that ends before the miss is none for it; one that goes on longer is', () => {
  const office = new Office().misses('c1', ANN, 0).dials('c2', '101', ANN, 5).dials('c3', '102', ANN, 5)
  office.misses('c4', ANN, 5, 8).givesUp('c3', 9).ends('c3', 9).givesUp('c2', 9).ends('c2', 9)
  expect(listAfter(office)).toMatchObject([{ attempts: 2, tries: 2, untriedSince: null }])
  const early = new Office().misses('c1', ANN, 0).calls('c2', ANN, 5).failsToReach('c3', '101', ANN, 5).ends('c2', 8)
  expect(listAfter(early)).toMatchObject([{ attempts: 2, tries: 1, untriedSince: minute(8) }])
})

test('calls back that nobody answers are tries, and close nothing', () => {
  const office = new Office()
    .misses('c1', ANN, 0)
    .failsToReach('c2', '101', '0401234567@trunk-a', 5)
    .failsToReach('c3', '102', '00358401234567@trunk-b', 9)
  expect(lines(office)).toEqual([{ ...waiting, tries: 2 }])
})

test('one call back over two trunks is one try', () => {
  const office = new Office()
    .misses('c1', ANN, 0)
    .dials('c2', '101', '0401234567@trunk-a', 5)
    .givesUp('c2', 6, 'congestion')
    .tries('c2', '0401234567@trunk-b', 6)
    .givesUp('c2', 7)
    .ends('c2', 7)
  expect(lines(office)).toEqual([{ ...waiting, tries: 1 }])
})

test('called back over the second trunk, after the first refused', () => {
  const office = new Office()
    .misses('c1', ANN, 0)
    .dials('c2', '101', '0401234567@trunk-a', 5)
    .givesUp('c2', 6, 'congestion')
    .tries('c2', '+358401234567@trunk-b', 6)
    .picksUp('c2', 7)
    .answers('c2', 7, 'trunk-b')
  expect(lines(office)).toEqual([{ state: 'returned', attempts: 1, tries: 0, waited: 6 }])
})

test('the number is what was dialed on the trunk, not the extension', () => {
  const office = new Office().misses('c1', ANN, 0).reaches('c2', '101', '0401234567@trunk-a', 5)
  expect(listAfter(office)).toMatchObject([{ state: 'returned' }])
  const other = new Office()
    .misses('c1', ANN, 0)
    .dials('c2', '101', '0507654321@trunk-a', 5, { callee: ANN })
    .picksUp('c2', 6)
    .answers('c2', 6, 'trunk-a')
  expect(lines(other)).toEqual([waiting])
})

test.each([
  'trunk-a/sip:0401234567@sip.example.org',
  'g1/0401234567',
  '0401234567@trunk-a',
  'user:secret@peer/0401234567@out',
])('the number in the dial string %s', (dialString) => {
  const office = new Office().misses('c1', ANN, 0).reaches('c2', '101', dialString, 5)
  expect(listAfter(office)).toMatchObject([{ state: 'returned' }])
})

test('after a gap it is not known what was dialed: the called extension is the number', () => {
  const office = new Office()
    .misses('c1', ANN, 0)
    .dials('c2', '101', '', 5, { callee: '0401234567' })
    .picksUp('c2', 6)
    .answers('c2', 6, 'trunk-a')
  expect(listAfter(office)).toMatchObject([{ state: 'returned' }])
})

test('a call to another number closes nothing', () => {
  const office = new Office().misses('c1', ANN, 0).reaches('c2', '101', `${BOB}@trunk-a`, 5)
  expect(lines(office)).toEqual([waiting])
})

test('voicemail is missed, and a voicemail box that is called from inside closes nothing', () => {
  const office = new Office().calls('c1', ANN, 0).ends('c1', 1, { disposition: 'voicemail' })
  office.calls('c2', ANN, 5).ends('c2', 6, { disposition: 'voicemail' })
  expect(lines(office)).toEqual([{ ...waiting, attempts: 2 }])
})

test('a call that only heard an announcement was not missed, and closes nothing', () => {
  const office = new Office().misses('c1', ANN, 0)
  office.calls('c2', ANN, 5).ends('c2', 6, { disposition: 'self_service', missed: false })
  office.calls('c3', BOB, 5).ends('c3', 6, { disposition: 'self_service', missed: false })
  expect(lines(office)).toEqual([waiting])
})

test('parallel calls of one number: one is answered while the other rings on', () => {
  const office = new Office().calls('c1', ANN, 0).calls('c2', ANN, 1).answers('c1', 2)
  expect(lines(office.ends('c2', 3))).toEqual([])
})

test('parallel calls of one number: the answered one is over when the other is given up', () => {
  const office = new Office().calls('c1', ANN, 0).calls('c2', ANN, 1).answers('c1', 2).ends('c1', 4)
  expect(lines(office.ends('c2', 6))).toEqual([])
})

test('parallel calls of one number: both are missed, and are one missed caller', () => {
  const office = new Office().calls('c1', ANN, 0).calls('c2', ANN, 1).ends('c1', 2).ends('c2', 3)
  expect(lines(office)).toEqual([{ ...waiting, attempts: 2 }])
})

test('parallel calls of one number: the first is missed, the second is answered later', () => {
  const office = new Office().calls('c1', ANN, 0).calls('c2', ANN, 1).ends('c1', 2).answers('c2', 5)
  expect(lines(office)).toEqual([{ state: 'called_again', attempts: 1, tries: 0, waited: 3 }])
})

test('a conversation that ended before the missed call prevents nothing', () => {
  expect(lines(new Office().speaks('c1', ANN, 0, 5).misses('c2', ANN, 6))).toEqual([waiting])
})

test('a second call while somebody speaks with the caller opens nothing', () => {
  const office = new Office().calls('c1', ANN, 0).answers('c1', 0).misses('c2', ANN, 3).ends('c1', 9)
  expect(lines(office)).toEqual([])
})

test('the caller calls while the office has them on an outbound call', () => {
  const office = new Office().dials('c1', '101', `${ANN}@trunk-a`, 0).picksUp('c1', 1).answers('c1', 1, 'trunk-a')
  expect(lines(office.misses('c2', ANN, 3))).toEqual([])
})

test('a call back that began before the call was missed, and is answered after it', () => {
  const office = new Office().calls('c1', ANN, 0).dials('c2', '101', `${ANN}@trunk-a`, 1).ends('c1', 2)
  expect(lines(office.picksUp('c2', 3).answers('c2', 3, 'trunk-a'))).toEqual([
    { state: 'returned', attempts: 1, tries: 0, waited: 1 },
  ])
})

test('a call back that is answered while the caller still rings prevents that one opens', () => {
  const office = new Office().calls('c1', ANN, 0).dials('c2', '101', `${ANN}@trunk-a`, 1)
  office.picksUp('c2', 2).answers('c2', 2, 'trunk-a').ends('c2', 3).ends('c1', 4)
  expect(lines(office)).toEqual([])
})

test('a second miss while the first is called back', () => {
  const office = new Office().misses('c1', ANN, 0).dials('c2', '101', `${ANN}@trunk-a`, 5).misses('c3', ANN, 5, 6)
  expect(lines(office.picksUp('c2', 7).answers('c2', 7, 'trunk-a'))).toEqual([
    { state: 'returned', attempts: 2, tries: 0, waited: 6 },
  ])
})

test('called back by a transfer: an operator has the number on a consultation call', () => {
  const office = new Office()
    .misses('c1', ANN, 0)
    .internal('c2', '102', 4)
    .answers('c2', 4, '101')
    .reaches('c3', '101', `${ANN}@trunk-a`, 5)
  expect(listAfter(office)).toMatchObject([{ state: 'returned', closedBy: 'c3', closedByPhone: '101' }])
})

test('called back by a transfer: a colleague’s call is transferred to the number', () => {
  const office = new Office().misses('c1', ANN, 0).internal('c2', '102', 4).answers('c2', 4, '101')
  office.tries('c2', `${ANN}@trunk-a`, 6).picksUp('c2', 7)
  expect(listAfter(office)).toMatchObject([
    { state: 'returned', closedBy: 'c2', closedByPhone: '102', closedAt: minute(7) },
  ])
})

test('called back by a transfer that is completed while the number rings: the call that goes on reaches it', () => {
  const office = new Office().misses('c1', ANN, 0).internal('c2', '102', 4).answers('c2', 4, '101')
  office.dials('c3', '101', `${ANN}@trunk-a`, 5).tries('c2', `${ANN}@trunk-a`, 6)
  office.ends('c3', 6, { disposition: 'merged', mergedInto: 'c2' }).picksUp('c2', 7)
  expect(listAfter(office)).toMatchObject([{ state: 'returned', tries: 0, closedBy: 'c2', closedByPhone: '102' }])
})

test('an application calls the operator first and then the number', () => {
  const office = new Office().misses('c1', ANN, 0)
  office.dials('c2', '101', `${ANN}@trunk-a`, 5, { originated: true }).picksUp('c2', 6).answers('c2', 6, 'trunk-a')
  expect(listAfter(office)).toMatchObject([{ state: 'returned', closedByPhone: '101' }])
})

test('an application calls the number first and then an operator', () => {
  const office = new Office().misses('c1', ANN, 0)
  office.calls('c2', '', 5, { originated: true }).tries('c2', `${ANN}@trunk-a`, 5, { role: 'caller' }).picksUp('c2', 6)
  expect(lines(office)).toEqual([waiting])
  office.answers('c2', 7, '101')
  expect(listAfter(office)).toMatchObject([{ state: 'returned', closedByPhone: '101', closedAt: minute(7) }])
})

test('an application calls the number, but no operator answers: a try, and no missed caller', () => {
  const office = new Office().misses('c1', ANN, 0)
  office.calls('c2', '', 5, { originated: true }).tries('c2', `${ANN}@trunk-a`, 5, { role: 'caller' }).picksUp('c2', 6)
  expect(lines(office.ends('c2', 7))).toEqual([{ ...waiting, tries: 1 }])
})

test('an inbound call that is forwarded to the number of a missed caller does not call them back', () => {
  const office = new Office().misses('c1', ANN, 0).calls('c2', BOB, 5).tries('c2', `${ANN}@trunk-a`, 5)
  expect(lines(office.picksUp('c2', 6).answers('c2', 6, 'trunk-a'))).toEqual([waiting])
})

test.each(['transit', 'internal'] as const)('a missed %s call is nobody’s missed caller', (direction) => {
  const office = new Office().calls('c1', ANN, 0, { direction }).ends('c1', 1, { missed: true })
  expect(lines(office)).toEqual([])
})

test('a merged call counts once: the call that goes on is missed or answered', () => {
  const office = new Office().calls('c1', ANN, 0).calls('c2', ANN, 1)
  office.ends('c2', 2, { disposition: 'merged', mergedInto: 'c1', missed: false }).ends('c1', 3)
  expect(lines(office)).toEqual([waiting])
})

test('a conversation goes on in the call that its call became part of', () => {
  const office = new Office().internal('c1', '102', 0).answers('c1', 0, '103').calls('c2', ANN, 1).answers('c2', 1)
  office.ends('c2', 2, { disposition: 'merged', mergedInto: 'c1' }).misses('c3', ANN, 3)
  expect(lines(office)).toEqual([])
  expect(lines(office.ends('c1', 5).misses('c4', ANN, 6))).toEqual([waiting])
})

test('a call that ended unobserved opens and closes nothing', () => {
  const office = new Office().misses('c1', ANN, 0)
  office.calls('c2', ANN, 5).ends('c2', 6, { disposition: 'unknown', missed: false })
  expect(lines(office)).toEqual([waiting])
})

test('a call that was found in conversation after a gap closes', () => {
  const office = new Office().misses('c1', ANN, 0).calls('c2', ANN, 5, { answeredAt: minute(6), answeredBy: ['102'] })
  expect(listAfter(office.changes('c2', 8, {}).ends('c2', 9))).toMatchObject([
    { state: 'called_again', closedAt: minute(6) },
  ])
})

test.each(['', 'anonymous', 'Restricted', 'unknown', 'sip.example.org'])('a caller without a number: %j', (caller) => {
  const facts = applyAll(missedCallersOf(), new Office().misses('c1', caller, 0).speaks('c2', caller, 5, 6).facts)
  expect(facts).toEqual([{ type: 'UnknownCallerMissed', at: minute(1), missedCall: 'c1' }])
})

test('the clock of the PBX is behind the one that tells the time: nothing expires early, and no wait is negative', () => {
  const callers = missedCallersOf({ windowMs: 60 * MINUTE })
  const office = new Office().misses('c1', ANN, -10, -5).speaks('c2', ANN, -8, -7)
  expect(listOf(applyAll(callers, office.facts))).toMatchObject([{ state: 'called_again', closedAt: minute(-5) }])
})

test('a clock that was ahead for one call does not keep others from expiring', () => {
  const office = new Office().misses('c1', ANN, 1_000_000).misses('c2', BOB, 0)
  expect(lines(office, {}, 80 * HOUR)).toEqual([waiting, { ...waiting, state: 'expired', waited: 72 * HOUR }])
})

test('thirty numbers in five notations are thirty missed callers, and each is called back in another notation', () => {
  const office = new Office()
  const national = Array.from({ length: 30 }, (_, index) => `40${1_234_500 + index}`)
  const notations = [
    (number: string) => `+358${number}`,
    (number: string) => `00358${number}`,
    (number: string) => `0${number}`,
    (number: string) => `+358 ${number.slice(0, 2)} ${number.slice(2, 5)} ${number.slice(5)}`,
    (number: string) => `358${number}`,
  ]
  for (const [index, number] of national.entries()) {
    for (const [kind, write] of notations.entries()) {
      office.misses(`c${index}-${kind}`, write(number), index + kind)
    }
  }
  expect(lines(office)).toEqual(national.map(() => ({ ...waiting, attempts: 5 })))
  for (const [index, number] of national.entries()) {
    office.reaches(`r${index}`, '101', `${notations[(index + 2) % 5]?.(number)}@trunk-a`, 100 + index)
  }
  expect(listAfter(office).filter(({ state }) => state !== 'returned')).toEqual([])
})

test('without a country, numbers are compared by their last nine digits', () => {
  const keyOf = numberMatcher(null)
  const office = new Office()
    .misses('c1', '+358 40 123 4567', 0)
    .misses('c2', '00358401234567', 2)
    .misses('c3', '0401234567', 4)
    .misses('c4', '4567', 6)
    .misses('c5', '14567', 6)
  expect(lines(office, { keyOf })).toEqual([{ ...waiting, attempts: 3 }, waiting, waiting])
})

test('foreign numbers are their own, with or without the plus sign, unless they can be national', () => {
  const key = numberMatcher('FI')
  expect([key('+1 (212) 555-0123'), key('0012125550123'), key('12125550123')]).toEqual(Array(3).fill('+12125550123'))
  expect([key('+49 30 901820'), key('030901820'), key('30 901820')]).toEqual([
    '+4930901820',
    '+35830901820',
    '+35830901820',
  ])
  // No number of any country.
  expect([key('123'), key('999999999999999')]).toEqual(['123', '999999999'])
})

test('above the bound, who would expire next expires at once', () => {
  const office = new Office()
    .misses('c1', ANN, 0)
    .misses('c2', BOB, 2)
    .misses('c3', ANN, 4)
    .misses('c4', '0451112222', 6)
  const facts = applyAll(missedCallersOf({ limit: 2 }), office.facts)
  expect(listOf(facts).map(({ number, state }) => [number, state])).toEqual([
    [ANN, 'waiting'],
    [BOB, 'expired'],
    ['0451112222', 'waiting'],
  ])
  expect(facts.filter((fact) => fact.type === 'MissedCallerClosed')).toMatchObject([{ displaced: true, at: minute(7) }])
})

test('a restart in between: a conversation that was over before the call was missed closes nobody', () => {
  const office = new Office().calls('c1', BOB, 0).speaks('c2', ANN, 1, 2).misses('c3', ANN, 3)
  const before = missedCallersOf()
  applyAll(before, office.facts)
  const calls = office.facts.flatMap((fact) => ('call' in fact && fact.type !== 'CallStarted' ? [fact.call] : []))
  const after = missedCallersOf()
  const open = new Office().calls('c1', BOB, 0).facts.flatMap((fact) => ('call' in fact ? [fact.call] : []))
  const ended = calls.filter(({ channelId, endedAt }) => channelId === 'c2' && endedAt !== null)
  after.restore({ lastId: 1, waiting: [...before.waiting()], calls: [...open, ...ended], legs: [] })
  expect([...after.waiting()]).toEqual([...before.waiting()])
  expect([...after.waiting()]).toHaveLength(1)
})

test('a restart in between: who waits, whom the office speaks with, and what is being dialed', () => {
  const office = new Office().misses('c1', ANN, 0).misses('c2', BOB, 1).calls('c3', '0451112222', 3).answers('c3', 3)
  office.dials('c4', '101', `${ANN}@trunk-a`, 4)
  const before = missedCallersOf()
  applyAll(before, office.facts)
  const calls = office.facts.flatMap((fact) => ('call' in fact && fact.call.endedAt === null ? [fact.call] : []))
  const legs = office.facts.flatMap((fact) => ('leg' in fact ? [fact.leg] : []))
  const after = missedCallersOf()
  after.restore({ lastId: 2, waiting: [...before.waiting()], calls, legs })
  const later = new Office().calls('c3', '0451112222', 3).answers('c3', 3).dials('c4', '101', `${ANN}@trunk-a`, 4)
  later.facts.length = 0
  later.misses('c5', '0451112222', 5).misses('c6', '0409998888', 5).picksUp('c4', 7).answers('c4', 7, 'trunk-a')
  const list = listOf(applyAll(after, later.facts))
  expect(list.map(({ id, number, state }) => [id, number, state])).toEqual([
    [3, '0409998888', 'waiting'],
    [1, ANN, 'returned'],
  ])
  expect([...after.waiting()].map(({ number }) => number)).toEqual([BOB, '0409998888'])
})

test('a call that another conversation became part of is answered: its own caller got through', () => {
  const office = new Office().misses('c1', ANN, 0).calls('c2', ANN, 5).dials('c3', '101', `${BOB}@trunk-a`, 5)
  office
    .picksUp('c3', 6)
    .answers('c3', 6, 'trunk-a')
    .ends('c3', 7, { disposition: 'merged', mergedInto: 'c2' })
    .answers('c2', 8)
  expect(listAfter(office)).toMatchObject([{ state: 'called_again', closedBy: 'c2' }])
})

test('somebody speaks with a caller whose number more than a thousand calls show: those that are missed then open nothing', () => {
  const office = new Office()
  for (let index = 0; index < 1_100; index += 1) {
    office.calls(`w${index}`, ANN, 0)
  }
  office.reaches('c1', '101', `${ANN}@trunk-a`, 1)
  expect(lines(office.ends('w0', 7, { missed: true }))).toEqual([])
})
