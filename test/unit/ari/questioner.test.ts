// The laws of asking: the budget, one question at a time, sources in turn, silence, slowness, refusals.

import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Asked } from '../../../src/ari/questions/ask.ts'
import type { Answer, Question, QuestionSource } from '../../../src/ari/questions/question.ts'
import { type Questioner, startQuestioner } from '../../../src/ari/questions/questioner.ts'

const VOICE: Answer = {
  about: 'voice',
  receivedPackets: 1,
  sentPackets: 1,
  receivedLost: 0,
  sentLost: null,
  receivedJitterMs: null,
  sentJitterMs: null,
  roundTripMs: null,
}
const ANSWERED: Asked = { ok: true, answer: VOICE }
const REFUSED: Asked = { ok: false, failure: 'refused', detail: 'HTTP 500' }

interface World {
  readonly questioner: Questioner
  /** When each question was asked, and to whom it belongs. */
  readonly asked: { readonly at: number; readonly name: string }[]
  readonly outcomes: string[]
  readonly told: string[]
  readonly log: string[]
  readonly highest: () => number
  session: object | null
  isBehind: boolean
  /** How Asterisk answers, and after how many ms. */
  answer: () => readonly [Asked, number]
}

const running: Questioner[] = []

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  for (const questioner of running.splice(0)) {
    questioner.stop()
  }
  vi.useRealTimers()
})

function start({ perSecond = 5, names = ['a'], about = 'voice' as Question['about'] } = {}): World {
  let open = 0
  let highest = 0
  const sources = names.map(
    (name): QuestionSource<Question, Answer> => ({
      next: () => {
        if (name === 'silent') {
          return null
        }
        if (name === 'broken') {
          throw new Error('broken')
        }
        return questionOf(about, name)
      },
      answered: () => void world.told.push(`${name} answered`),
      failed: (_question, failure) => void world.told.push(`${name} ${failure}`),
    }),
  )
  const log: string[] = []
  const world: Omit<World, 'questioner'> = {
    asked: [],
    outcomes: [],
    told: [],
    log,
    highest: () => highest,
    session: {},
    isBehind: false,
    answer: () => [ANSWERED, 1],
  }
  const questioner = startQuestioner(
    { perSecond, sources },
    {
      ask: async (question) => {
        open += 1
        highest = Math.max(highest, open)
        world.asked.push({ at: performance.now(), name: nameOf(question) })
        const [result, ms] = world.answer()
        await new Promise((resolve) => setTimeout(resolve, ms))
        open -= 1
        return result
      },
      session: () => world.session,
      isBehind: () => world.isBehind,
      pbxNow: () => performance.now(),
      ticks: () => performance.now(),
      asked: (outcome) => void world.outcomes.push(outcome),
      log: pino({ level: 'trace' }, { write: (text: string) => void log.push(JSON.parse(text).msg) }),
    },
  )
  running.push(questioner)
  return Object.assign(world, { questioner })
}

function questionOf(about: Question['about'], name: string): Question {
  switch (about) {
    case 'voice':
      return { about, channelId: name }
    case 'queue':
      return { about, queue: name, members: [], channelId: name }
    case 'member':
      return { about, queue: name, member: 'PJSIP/101' }
    case 'available':
      return { about, queue: name }
    case 'endpoint':
    case 'identify':
    case 'registration':
      return { about, endpoint: name }
    case 'aor':
      return { about, endpoint: name, aor: name }
    case 'module':
      return { about, module: name }
  }
}

function nameOf(question: Question): string {
  if ('channelId' in question) {
    return question.channelId
  }
  return 'queue' in question ? question.queue : 'endpoint' in question ? question.endpoint : question.module
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** Most questions in any second. */
function busiestSecond(asked: World['asked']): number {
  return Math.max(0, ...asked.map(({ at }) => asked.filter((one) => one.at >= at && one.at < at + 1000).length))
}

describe('the budget', () => {
  test.each([1, 3, 5, 7, 20, 50])('of %i a second is used and never exceeded', async (perSecond) => {
    const world = start({ perSecond })
    await pass(10_000)
    expect(busiestSecond(world.asked)).toBeLessThanOrEqual(perSecond)
    expect(world.asked.length).toBeGreaterThan(perSecond * 9)
  })

  test('0 never asks', async () => {
    const world = start({ perSecond: 0 })
    await pass(60_000)
    expect(world.asked).toEqual([])
  })

  test('holds whatever the answers take and however the session comes and goes', async () => {
    const world = start()
    let seed = 7
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    world.answer = () => [random() < 0.5 ? ANSWERED : REFUSED, Math.floor(random() * 1_000)]
    for (let step = 0; step < 400; step += 1) {
      world.session = random() < 0.3 ? null : random() < 0.5 ? {} : world.session
      world.isBehind = random() < 0.2
      await pass(Math.floor(random() * 700))
    }
    expect(world.asked.length).toBeGreaterThan(10)
    expect(busiestSecond(world.asked)).toBeLessThanOrEqual(5)
    expect(world.highest()).toBe(1)
  })
})

test('one question at a time: a tick that finds one open asks nothing, and nothing is made up for', async () => {
  const world = start()
  world.answer = () => [ANSWERED, 1_000]
  await pass(20_000)
  expect(world.highest()).toBe(1)
  world.answer = () => [ANSWERED, 1]
  const before = world.asked.length
  await pass(1_000)
  expect(world.asked.length - before).toBeLessThanOrEqual(5)
})

test('sources are asked in turn; one without a question, or with a fault, costs the others nothing', async () => {
  const world = start({ names: ['a', 'silent', 'b', 'broken', 'c'] })
  await pass(6_100)
  const names = world.asked.map(({ name }) => name)
  expect(names.slice(0, 6)).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  const counts = ['a', 'b', 'c'].map((name) => names.filter((one) => one === name).length)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  expect(world.log).toEqual([expect.stringContaining('a source of questions threw')])
})

test('nothing is asked while no source has a question', async () => {
  const world = start({ names: ['silent'] })
  await pass(10_000)
  expect(world.asked).toEqual([])
})

describe('silence', () => {
  test.each<[string, (world: World, isSilent: boolean) => void]>([
    [
      'while no session is in sync',
      (world, isSilent) => {
        world.session = isSilent ? null : {}
      },
    ],
    [
      'while events wait to be handled',
      (world, isSilent) => {
        world.isBehind = isSilent
      },
    ],
  ])('%s, without a burst after it', async (_name, silence) => {
    const world = start()
    silence(world, true)
    await pass(30_000)
    expect(world.asked).toEqual([])
    silence(world, false)
    await pass(1_000)
    expect(world.asked.length).toBeGreaterThan(3)
    expect(world.asked.length).toBeLessThanOrEqual(5)
  })

  test('an answer that comes after its session ended is no answer', async () => {
    const world = start()
    world.answer = () => [ANSWERED, 100]
    await pass(250)
    world.session = {}
    await pass(100)
    expect(world.told).toEqual(['a no_answer'])
    expect(world.outcomes).toEqual(['no_answer'])
  })

  test('after stop, nothing is asked, and an answer is dropped', async () => {
    const world = start()
    world.answer = () => [ANSWERED, 100]
    await pass(250)
    world.questioner.stop()
    await pass(10_000)
    expect(world.asked).toHaveLength(1)
    expect(world.told).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('slowness', () => {
  test('one slow answer in twenty changes nothing', async () => {
    const world = start()
    let count = 0
    world.answer = () => {
      count += 1
      return [ANSWERED, count % 20 === 0 ? 150 : 1]
    }
    await pass(60_000)
    expect(world.asked.length).toBeGreaterThan(290)
  })

  test('slow answers halve the rate again and again, down to one in ten seconds', async () => {
    const world = start()
    world.answer = () => [ANSWERED, 60]
    await pass(200_000)
    const late = world.asked.slice(-4).map(({ at }) => at)
    const gaps = late.slice(1).map((at, index) => at - (late[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000)
    expect(Math.max(...gaps)).toBeLessThan(10_200)
    expect(busiestSecond(world.asked)).toBeLessThanOrEqual(5)
  })

  test('with a small budget, too, two slow answers among twenty halve the rate', async () => {
    const world = start({ perSecond: 0.2 })
    world.answer = () => [ANSWERED, world.asked.length % 6 === 5 ? 60 : 1]
    await pass(200_000)
    const gaps = world.asked.slice(1).map(({ at }, index) => at - (world.asked[index]?.at ?? 0))
    expect(Math.max(...gaps)).toBeGreaterThan(9_000)
  })

  test('no answer at all is slow, too', async () => {
    const world = start()
    world.answer = () => [{ ok: false, failure: 'no_answer', detail: 'no answer in 1000 ms' }, 1_000]
    await pass(200_000)
    expect(world.asked.length).toBeLessThan(40)
    expect(new Set(world.told)).toEqual(new Set(['a no_answer']))
  })

  test('quick answers bring the rate back step by step within two minutes, never beyond the budget', async () => {
    const world = start()
    world.answer = () => [ANSWERED, 60]
    await pass(200_000)
    world.answer = () => [ANSWERED, 1]
    await pass(15_000)
    expect(world.asked.at(-1)?.at).toBeGreaterThan((world.asked.at(-2)?.at ?? 0) + 9_000)
    await pass(105_000)
    const before = world.asked.length
    await pass(10_000)
    expect(world.asked.length - before).toBeGreaterThan(45)
    expect(busiestSecond(world.asked)).toBeLessThanOrEqual(5)
  })
})

describe('refusals', () => {
  test.each<[Question['about'], string, RegExp]>([
    ['queue', 'HTTP 500', /load app_queue\.so/],
    ['member', 'HTTP 404', /res_ari_device_states\.so/],
    ['available', 'HTTP 404', /res_ari_device_states\.so/],
    ['voice', 'HTTP 403', /PJSIP channels only/],
    ['queue', 'HTTP 401', /password/],
  ])('of %s (%s): no more for ten minutes, said once', async (about, detail, text) => {
    const world = start({ about })
    world.answer = () => [{ ok: false, failure: 'refused', detail }, 1]
    await pass(60_000)
    expect(world.asked).toHaveLength(10)
    await pass(700_000)
    expect(world.asked).toHaveLength(20)
    expect(world.log).toEqual([expect.stringMatching(text)])
    expect(world.log[0]).toContain('ARI_QUESTIONS_PER_SECOND=0')
  })

  test('with answers between them are no reason to stop, and neither are calls that ended', async () => {
    const world = start()
    let count = 0
    world.answer = () => {
      count += 1
      const failed = count % 2 === 0 ? REFUSED : ({ ok: false, failure: 'gone', detail: 'HTTP 404' } as const)
      return [count % 4 === 0 ? ANSWERED : failed, 1]
    }
    await pass(60_000)
    expect(world.asked.length).toBeGreaterThan(290)
    expect(world.log).toEqual([])
    expect(new Set(world.outcomes)).toEqual(new Set(['answered', 'gone', 'refused']))
  })
})
