// What one phone does in toll calls within ten minutes, told as stories of an office; times are minutes.

import { expect, test } from 'vitest'
import type { Destination } from '../../../src/call/event.ts'
import type { CallFact, LegRecord } from '../../../src/call/fact.ts'
import { rolesByName } from '../../../src/call/outcome/direction.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import { longestSequence, tailOf } from '../../../src/fraud/sequence.ts'
import type { TollFact, TollSums } from '../../../src/fraud/tollCall.ts'
import { createTollWatch, type TollWatch } from '../../../src/fraud/tollWatch.ts'
import { Story } from '../call/story.ts'
import { MINUTE, minute, Office } from '../callback/office.ts'

const DESTINATIONS: Readonly<Record<string, Destination>> = {
  '0088': { class: 'satellite', country: '' },
  '0600': { class: 'premium', country: '' },
  '0044': { class: 'international', country: 'GB' },
  '0053': { class: 'international', country: 'CU' },
}
const OPTIONS = { roleOf: rolesByName([]) }

/** With the destination of what is dialed, as the core says it. */
function withDestinations(facts: readonly CallFact[]): readonly CallFact[] {
  return facts.flatMap((fact): readonly CallFact[] => {
    if (!('leg' in fact)) {
      return [fact]
    }
    const leg: LegRecord = { ...fact.leg, destination: DESTINATIONS[fact.leg.dialed.slice(0, 4)] ?? null }
    const known = { ...fact, leg }
    return fact.type === 'LegStarted' && leg.destination !== null
      ? [known, { type: 'NumberDialed', at: fact.at, leg }]
      : [known]
  })
}

const QUIET: TollSums = {
  attempts: 0,
  answered: 0,
  active: 0,
  sequential: 0,
  talkMs: { international: 0, premium: 0, satellite: 0 },
}

function told(office: Office, watch = createTollWatch(OPTIONS)): { watch: TollWatch; facts: readonly TollFact[] } {
  return { watch, facts: withDestinations(office.facts).flatMap((fact) => watch.apply(fact)) }
}

const peaksAfter = (office: Office, at: number): TollSums => told(office).watch.peaks(minute(at))

test('an office that calls nobody abroad has no sums, and nothing is remembered', () => {
  const office = new Office().reaches('a', '101', '0401234567@trunk-a', 0).speaks('b', '0501234567', 1, 3)
  const { watch, facts } = told(office)
  expect(facts).toEqual([])
  expect(watch.peaks(minute(2))).toEqual(QUIET)
  expect(watch.remembered()).toBe(0)
})

test('a conversation counts while it lasts, from the answer on, and only within the window', () => {
  const office = new Office().dials('a', '101', '0600123456@trunk-a', 0).picksUp('a', 1)
  expect(peaksAfter(office, 4)).toEqual({
    attempts: 1,
    answered: 1,
    active: 1,
    sequential: 1,
    talkMs: { international: 0, premium: 3 * MINUTE, satellite: 0 },
  })
  // An hour later, ten minutes of it are within the window, and its start is not.
  const later = peaksAfter(office, 60)
  expect(later).toEqual({ ...QUIET, active: 1, talkMs: { ...QUIET.talkMs, premium: 10 * MINUTE } })
  const ended = office.givesUp('a', 61, 'answered').ends('a', 61)
  expect(peaksAfter(ended, 68).talkMs.premium).toBe(3 * MINUTE)
  expect(peaksAfter(ended, 71)).toEqual(QUIET)
})

test('the sums are those of the phone that has the most, each for itself', () => {
  const office = new Office()
  for (const id of ['a', 'b', 'c']) {
    office.dials(id, '101', `00441234${id.charCodeAt(0)}@trunk-a`, 0)
  }
  office.dials('d', '102', '0044555555@trunk-a', 0).picksUp('d', 1)
  expect(peaksAfter(office, 3)).toEqual({
    attempts: 3,
    answered: 1,
    active: 3,
    sequential: 3,
    talkMs: { ...QUIET.talkMs, international: 2 * MINUTE },
  })
})

test('a number that is tried on a second trunk is one attempt, which lasts while a leg is open', () => {
  const office = new Office().dials('a', '101', '0044123456@trunk-a', 0).givesUp('a', 1, 'congestion')
  office.tries('a', '0044123456@trunk-b', 1)
  const { watch, facts } = told(office.picksUp('a', 2))
  expect(facts.map(({ type }) => type)).toEqual(['TollCallTried', 'CountryFirstCalled'])
  expect(watch.peaks(minute(3))).toMatchObject({ attempts: 1, answered: 1, active: 1 })
  expect(watch.peaks(minute(12))).toMatchObject({ attempts: 0, active: 1 })
})

test('what was dialed may become known only after the answer, and from the extension', () => {
  const office = new Office().dials('a', '101', 'trunk-a', 0, { callee: '90600123456' }).picksUp('a', 1)
  const { watch } = told(office)
  expect(watch.peaks(minute(1))).toEqual(QUIET)
  const leg = office.facts.flatMap((fact) => (fact.type === 'LegChanged' ? fact.leg : []))[0]
  if (leg === undefined) {
    throw new Error('nothing was dialed')
  }
  watch.apply({ type: 'NumberDialed', at: minute(2), leg: { ...leg, destination: { class: 'premium', country: '' } } })
  expect(watch.peaks(minute(3))).toMatchObject({ attempts: 1, answered: 1, talkMs: { premium: 2 * MINUTE } })
})

test('a call that comes in on a trunk and goes out on a trunk is one of the trunk by which it came', () => {
  const office = new Office().calls('a', '0401234567', 0, { direction: 'transit' }).tries('a', '0044123456@trunk-b', 0)
  expect(told(office).facts).toEqual([
    { type: 'TollCallTried', at: minute(0), class: 'international', phone: 'trunk-a', call: 'a' },
    { type: 'CountryFirstCalled', at: minute(0), country: 'GB', phone: 'trunk-a', call: 'a' },
  ])
})

test('each country is called for the first time once, also across a restart', () => {
  const office = new Office().reaches('a', '101', '0044123456', 0).reaches('b', '102', '0044123457', 9)
  office.reaches('c', '101', '0053123456', 10).reaches('d', '101', '0600123456', 11)
  const first = ({ facts }: { facts: readonly TollFact[] }) =>
    facts.flatMap((fact) => (fact.type === 'CountryFirstCalled' ? fact.country : []))
  expect(first(told(office))).toEqual(['GB', 'CU'])
  const restarted = createTollWatch(OPTIONS)
  restarted.restore({ countries: ['GB'], calls: [] })
  expect(first(told(office, restarted))).toEqual(['CU'])
})

test('calls that are open at a restart go on, and are not tried again', () => {
  const before = new Office().dials('a', '101', '0600123456@trunk-a', 0).picksUp('a', 1)
  const phone = { endpoint: '102', channelId: 'other', dialed: '', answeredAt: null }
  const trunk = { endpoint: 'trunk-a', channelId: 'leg-1', dialed: '0600123456@trunk-a', answeredAt: minute(1) }
  const legs = [phone, trunk].map((leg) => ({
    ...{ ...leg, startedAt: minute(0), ringingAt: null, sipCallId: null, voiceProblem: null },
  }))
  const call = { channelId: 'a', callerEndpoint: '101', callee: '90600123456', startedAt: minute(0), legs }
  const watch = createTollWatch(OPTIONS)
  watch.restore({ countries: [], calls: [{ ...call, destination: { class: 'premium', country: '' } }] })
  expect(watch.peaks(minute(6))).toMatchObject({ active: 1, answered: 1, talkMs: { premium: 5 * MINUTE } })
  const { facts } = told(before.givesUp('a', 7, 'answered').ends('a', 7), watch)
  expect(facts).toEqual([])
  expect(watch.peaks(minute(8))).toMatchObject({ attempts: 1, active: 0, talkMs: { premium: 6 * MINUTE } })
})

test('numbers of one range count as a sequence in any order, the same number only once', () => {
  expect(longestSequence([])).toBe(0)
  expect(longestSequence([5])).toBe(1)
  expect(longestSequence([30, 10, 20, 20, 31])).toBe(4)
  expect(longestSequence([10, 21, 32])).toBe(1)
  expect(longestSequence([1, 2, 3, 100, 101])).toBe(3)
  expect(tailOf('00088213123456789012') - tailOf('00088213123456789002')).toBe(10)
})

test('remembers a bounded number of attempts, whoever makes them, and loses those of the others last', () => {
  const watch = createTollWatch({ ...OPTIONS, most: 100 })
  const office = new Office().dials('quiet', '102', '0600123456@trunk-a', 0).picksUp('quiet', 0)
  for (let n = 0; n < 5_000; n += 1) {
    office.failsToReach(`call-${n}`, '101', `0044${1_000_000 + 37 * n}@trunk-a`, n / 1_000)
  }
  told(office, watch)
  expect(watch.remembered()).toBeLessThanOrEqual(100)
  const { attempts, talkMs } = watch.peaks(minute(5))
  expect(attempts).toBeGreaterThanOrEqual(50)
  expect(talkMs.premium).toBe(5 * MINUTE)
})

test('calls that an application places through Local channels count for the phones that they are placed for', () => {
  const destinationOf = (number: string): Destination =>
    DESTINATIONS[number.slice(0, 4)] ?? { class: 'unknown', country: '' }
  const tracker = createTracker({ ...OPTIONS, destinationOf })
  const watch = createTollWatch(OPTIONS)
  const story = new Story()
  for (const phone of ['101', '102', '103']) {
    const [near, far, agent, customer] = [1, 2, 3, 4].map((index) => `${phone}.${index}`) as [
      string,
      string,
      string,
      string,
    ]
    story.creates(near, `Local/${phone}@internal-${phone};1`).creates(far, `Local/${phone}@internal-${phone};2`, 'Ring')
    story.runs(near, 'AppDial2', '(Outgoing Line)').dials(null, near).runs(far, 'Dial', `PJSIP/${phone}`)
    story.rings(far, agent, `PJSIP/${phone}-3`).becomes(agent, 'Up').dials(far, agent, 'answer')
    story.enters(agent, `far-${phone}`).enters(far, `far-${phone}`).becomes(near, 'Up').dials(null, near, 'answer')
    story.runs(near, 'Dial', 'IAX2/trunk-a', '0044123').rings(near, customer, `IAX2/0044123@trunk-a-4`)
  }
  const facts = story.events.flatMap((event) => [...tracker.apply(event)].flatMap((fact) => watch.apply(fact)))
  expect(facts.flatMap((fact) => (fact.type === 'TollCallTried' ? [fact.phone] : []))).toEqual(['101', '102', '103'])
  expect(watch.peaks(story.events.at(-1)?.at ?? 0)).toMatchObject({ attempts: 1, active: 1 })
})
