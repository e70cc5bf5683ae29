// What is asked about endpoints, in which order and how often; what becomes of the answers.

import { expect, test } from 'vitest'
import { readConfiguration } from '../../../src/ari/questions/endpointConfiguration.ts'
import type { EndpointAnswer, EndpointQuestion } from '../../../src/endpoint/evidence.ts'
import { createRoleWatch, type RoleWatch } from '../../../src/endpoint/roleWatch.ts'
import { attributesIn, endpointsIn } from './configured.ts'
import { PRODUCTS } from './products.ts'

const PBX = PRODUCTS.filter(({ name }) => name !== 'by hand')
const PJSIP = PBX.map(({ pjsip }) => pjsip).join('\n')
const HOUR = 3_600_000

interface Setup {
  readonly watch: RoleWatch
  inUse: readonly string[]
  members: readonly string[]
}

function setUp(endpoints: readonly string[] = endpointsIn(PJSIP)): Setup {
  const world = { inUse: [] as readonly string[], members: [] as readonly string[] }
  const watch = createRoleWatch({
    isQueueMember: (name) => world.members.includes(name),
    inUse: () => world.inUse,
  })
  watch.exist(endpoints)
  return Object.assign(world, { watch })
}

const answerIn = (pjsip: string, question: EndpointQuestion): EndpointAnswer | null =>
  readConfiguration(question, attributesIn(pjsip, question))

/** Asks until nothing more is due; returns the questions. */
function askAll(watch: RoleWatch, at: number, pjsip = PJSIP): readonly EndpointQuestion[] {
  const asked: EndpointQuestion[] = []
  for (let question = watch.next(at); question !== null; question = watch.next(at)) {
    asked.push(question)
    const answer = answerIn(pjsip, question)
    if (answer === null) {
      watch.failed(question, 'refused', at)
    } else {
      watch.answered(question, answer, at)
    }
  }
  return asked
}

const rolesOf = (watch: RoleWatch) => new Map([...watch.judgements()].map(([name, { role }]) => [name, role]))

test('every endpoint is asked about, with three questions each at most, and every role is right', () => {
  const { watch } = setUp()
  const asked = askAll(watch, 0)
  const right = PBX.flatMap(({ roles }) => Object.entries(roles).map(([name, [role]]) => [name, role] as const))
  expect(rolesOf(watch)).toEqual(new Map(right.toSorted(byPlace(endpointsIn(PJSIP)))))
  expect(watch.unknown()).toBe(0)
  expect(asked.length).toBeLessThanOrEqual(3 * right.length)
})

const byPlace =
  (names: readonly string[]) => (one: readonly [string, ...unknown[]], other: readonly [string, ...unknown[]]) =>
    names.indexOf(one[0]) - names.indexOf(other[0])

test('an endpoint with a live call comes first, and its questions are not interrupted', () => {
  const world = setUp()
  world.inUse = ['not known', 'carrier']
  expect(
    askAll(world.watch, 0)
      .slice(0, 3)
      .map(({ about, endpoint }) => [about, endpoint]),
  ).toEqual([
    ['endpoint', 'carrier'],
    ['aor', 'carrier'],
    ['identify', 'carrier'],
  ])
})

test('what is known is asked again after an hour, one endpoint a second; what is new, at once', () => {
  const { watch } = setUp()
  askAll(watch, 0)
  expect(watch.next(HOUR - 1)).toBeNull()
  expect(new Set(askAll(watch, HOUR).map(({ endpoint }) => endpoint)).size).toBe(1)
  expect(watch.next(HOUR + 999)).toBeNull()
  expect(watch.next(HOUR + 1_000)).not.toBeNull()
  watch.add('new')
  expect(watch.next(HOUR + 10)).toEqual({ about: 'endpoint', endpoint: 'new' })
})

test('after a restart of the PBX everything is asked again, and what is known remains meanwhile', () => {
  const { watch } = setUp()
  askAll(watch, 0)
  const before = rolesOf(watch)
  watch.restarted()
  expect(watch.next(2_000)).not.toBeNull()
  expect(rolesOf(watch)).toEqual(before)
  expect(watch.unknown()).toBe(0)
})

test('after the clock of the PBX was set back, what is known is asked again', () => {
  const { watch } = setUp(['carrier'])
  askAll(watch, 100 * HOUR)
  expect(watch.next(50 * HOUR)).not.toBeNull()
})

test('another configuration is noticed, and the same one is no change', () => {
  const { watch } = setUp(['carrier', '101'])
  askAll(watch, 0)
  expect(rolesOf(watch).get('carrier')).toBe('trunk')
  const before = watch.judgements()
  expect(askAll(watch, HOUR)).not.toEqual([])
  expect(watch.judgements()).toBe(before)
  const phone = PJSIP.replaceAll('[anna]', '[carrier]').replaceAll('anna', 'carrier').split('[74951234567]')[0] ?? ''
  for (const at of [3 * HOUR, 3 * HOUR + 1_000]) {
    askAll(watch, at, phone)
  }
  expect(rolesOf(watch).get('carrier')).toBe('phone')
})

test('an endpoint that is gone is forgotten', () => {
  const { watch } = setUp()
  askAll(watch, 0)
  watch.exist(['101'])
  expect([...rolesOf(watch).keys()]).toEqual(['101'])
})

test('a refused endpoint is asked again after an hour, one that is not answered after seconds', () => {
  const { watch } = setUp(['a', 'b'])
  const ask = (at: number) => watch.next(at)?.endpoint ?? null
  watch.failed({ about: 'endpoint', endpoint: 'a' }, 'refused', 0)
  watch.failed({ about: 'endpoint', endpoint: 'b' }, 'no_answer', 0)
  expect([watch.refused(), watch.unknown()]).toEqual([['a'], 1])
  expect([ask(4_999), ask(5_000), ask(HOUR - 1), ask(HOUR)]).toEqual([null, 'b', 'b', 'a'])
})

test('an answer that does not fit the question is left out, and a broken round begins anew', () => {
  const { watch } = setUp(['carrier'])
  const first: EndpointQuestion = { about: 'endpoint', endpoint: 'carrier' }
  watch.answered({ about: 'registration', endpoint: 'carrier' }, { about: 'registration', exists: true }, 0)
  watch.answered({ ...first, endpoint: 'nobody' }, { about: 'registration', exists: true }, 0)
  expect(watch.next(0)).toEqual(first)
  const answer = answerIn(PJSIP, first)
  if (answer !== null) {
    watch.answered(first, answer, 0)
  }
  expect(watch.next(0)).toMatchObject({ about: 'aor' })
  watch.failed({ about: 'aor', endpoint: 'carrier', aor: 'carrier' }, 'no_answer', 0)
  expect(watch.next(5_000)).toEqual(first)
})

test('what an earlier run knew is known at once, and asked again', () => {
  const { watch } = setUp()
  askAll(watch, 0)
  const later = setUp([])
  later.watch.restore(JSON.parse(JSON.stringify(watch.remembered())))
  expect(rolesOf(later.watch)).toEqual(rolesOf(watch))
  expect([later.watch.unknown(), later.watch.next(0) === null]).toEqual([0, false])
})

test('a member of a queue becomes a phone', () => {
  const world = setUp(['gateway'])
  askAll(world.watch, 0)
  expect(rolesOf(world.watch).get('gateway')).toBe('trunk')
  world.members = ['gateway']
  expect(rolesOf(world.watch).get('gateway')).toBe('trunk')
  world.watch.judgeAgain()
  expect(world.watch.judgements().get('gateway')?.reasons).toContain('queue_member')
})
