// The laws of staffing, on generated days of a floor of agents.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAskable } from '../../../src/staffing/askable.ts'
import { lawRuns } from '../call/lawRuns.ts'
import { Floor } from './floor.ts'

const RUNS = lawRuns(100)
const QUEUES = ['sales', 'support', 'gone', 'bad(name)']
const PHONES = ['101', '102', '103', '104']

type Step =
  | { readonly do: 'enter' | 'wait' | 'lose' | 'connect' | 'talk' | 'hangUp' | 'vanish'; readonly n: number }
  | {
      readonly do: 'add' | 'remove' | 'pause' | 'unpause' | 'ring' | 'serve'
      readonly n: number
      readonly phone: string
    }
  | { readonly do: 'fail'; readonly how: 'refused' | 'no_answer' | null }

const n = fc.nat({ max: 30 })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('enter', 'wait', 'wait', 'lose', 'connect', 'connect', 'talk', 'hangUp', 'vanish'),
    n,
  }),
  fc.record({
    do: fc.constantFrom('add', 'remove', 'pause', 'unpause', 'ring', 'serve'),
    n,
    phone: fc.constantFrom(...PHONES),
  }),
  fc.record({ do: fc.constant('fail' as const), how: fc.constantFrom('refused', 'no_answer', null, null) }),
)
const anyDay = fc.array(anyStep, { maxLength: 40 })

const queueOf = (number: number): string => QUEUES[number % QUEUES.length] ?? 'sales'

function take(floor: Floor, step: Step): void {
  if (step.do === 'fail') {
    floor.failure = step.how
    return
  }
  if ('phone' in step) {
    return takeOfPhone(floor, step)
  }
  switch (step.do) {
    case 'enter':
      return void floor.enters(queueOf(step.n))
    case 'wait':
      return void floor.run(step.n)
    case 'lose':
      return void floor.disconnect()
    case 'connect':
      return void floor.connect()
    case 'talk':
      return void floor.talk(`c${step.n}`)
    case 'hangUp':
      return void floor.hangUp(`c${step.n}`)
    case 'vanish':
      return void floor.gone.add(`c${step.n}`)
  }
}

function takeOfPhone(floor: Floor, step: Extract<Step, { phone: string }>): void {
  const queue = queueOf(step.n)
  const data = `${queue},PJSIP/${step.phone}`
  // Half of the changes come without an event.
  const isSeen = step.n % 2 === 0
  switch (step.do) {
    case 'add':
      return void (isSeen ? floor.byPhone('AddQueueMember', data) : floor.adds(queue, `PJSIP/${step.phone}`))
    case 'remove':
      return void (isSeen ? floor.byPhone('RemoveQueueMember', data) : floor.removes(queue, `PJSIP/${step.phone}`))
    case 'pause':
      return void (isSeen ? floor.byPhone('PauseQueueMember', data) : floor.pauses(queue, `PJSIP/${step.phone}`))
    case 'unpause':
      return void (isSeen
        ? floor.byPhone('UnpauseQueueMember', data)
        : floor.pauses(queue, `PJSIP/${step.phone}`, false))
    case 'ring':
      return void floor.phones.set(step.phone, 'ringing')
    case 'serve':
      return void floor.serves(queue, step.phone, step.n)
  }
}

const newFloor = (): Floor =>
  new Floor()
    .queue('sales', ['PJSIP/101'], 10)
    .queue('support', [])
    .idle(...PHONES)
    .connect()

function law(
  name: string,
  check: (floor: Floor, state: { readonly isConnected: boolean; readonly named: ReadonlySet<string> }) => void,
): void {
  test(name, () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const floor = newFloor()
        let isConnected = true
        const named = new Set<string>()
        for (const step of day) {
          take(floor, step)
          isConnected = step.do === 'connect' ? true : step.do === 'lose' ? false : isConnected
          if (step.do === 'enter' || 'phone' in step) {
            named.add(queueOf(step.n))
          }
          check(floor, { isConnected, named })
        }
      }),
      { numRuns: RUNS },
    )
  })
}

law('the states of a known queue add up to its members', (floor) => {
  for (const { queue, agents } of floor.staffing.queues(floor.now)) {
    const members = floor.staffing.remembered().find((one) => one.queue === queue)?.members
    const sum = agents === null ? null : Object.values(agents).reduce((total, count) => total + count, 0)
    expect([queue, sum ?? members?.length]).toEqual([queue, members?.length])
  }
})

law(
  'nothing is known while the session is lost, nor of answers that are older than a minute',
  (floor, { isConnected }) => {
    for (const { agents, seenAt } of floor.staffing.queues(floor.now)) {
      const isYoung = seenAt !== null && floor.now - seenAt <= 60_000
      expect(agents !== null && !(isConnected && isYoung)).toBe(false)
    }
    expect(floor.agents().some(({ state }) => state !== null && !isConnected)).toBe(false)
  },
)

law(
  'questions are about queues and members that were seen, and about names that mean nothing else',
  (floor, { named }) => {
    for (const { question } of floor.questions) {
      expect([question.queue, named.has(question.queue), isAskable(question.queue)]).toEqual([
        question.queue,
        true,
        true,
      ])
      const members =
        question.about === 'queue' ? question.members : question.about === 'member' ? [question.member] : []
      expect(members.filter((member) => !PHONES.includes(member.replace('PJSIP/', '')))).toEqual([])
      expect(members.length).toBeLessThanOrEqual(20)
    }
  },
)

law('a question is about a live channel', (floor) => {
  const last = floor.staffing.next(floor.now)
  expect(last?.about !== 'queue' || floor.channels.has(last.channelId)).toBe(true)
})

test('the queue that was not asked for the longest time is asked first', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 5 }), (count, perSecond) => {
      const names = Array.from({ length: count }, (_, index) => `q${index}`)
      const floor = new Floor({ perSecond }).connect().talk()
      for (const name of names) {
        floor.queue(name, []).enters(name)
      }
      floor.run((2 * count) / perSecond + 12)
      const asked = floor.asked()
      expect(asked.slice(0, count)).toEqual(names)
      expect(asked.slice(count, 2 * count)).toEqual(names)
    }),
    { numRuns: Math.min(RUNS, 30) },
  )
})
