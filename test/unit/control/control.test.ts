// What is asked of Asterisk for a request, what is recorded, and what is refused before it is asked.

import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/control/action.ts'
import {
  type ControlDependencies,
  type ControlOptions,
  createControl,
  type Outcome,
} from '../../../src/control/control.ts'
import { destinationOf } from '../../../src/numbers/destination.ts'

const ID = '0b5c8f9e-5a37-4c53-9f5e-3f1d0f2e7a11'
const CHANNEL = `control-${ID}`
const ANNA = { who: 'anna', key: null }

function office(changes: Partial<ControlDependencies> = {}, options: Partial<ControlOptions> = {}) {
  const asked: unknown[] = []
  const recorded: Action[] = []
  const logged: Action[] = []
  let made = 0
  const phone = (endpoint: string, state: 'online' | 'offline' = 'online') =>
    ({ endpoint, technology: 'PJSIP', state, lastState: state, roundTripMs: null }) as const
  const control = createControl(
    { allowed: ['internal', 'national', 'mobile'], context: null, shown: (number) => number, ...options },
    {
      originate: async (call) => {
        asked.push(call)
        return { ok: true }
      },
      hangUp: async (channelId) => {
        asked.push(channelId)
        return { ok: true }
      },
      phones: () => [phone('101'), phone('102'), phone('118', 'offline')],
      settingsOf: async () => ({ context: 'from-office', callerNumber: '5550101' }),
      destinationOf: destinationOf('FI'),
      isInSync: () => true,
      isReadOnly: () => false,
      isLive: (channelId) => channelId === 'live',
      record: async (action) => {
        recorded.push(action)
        return null
      },
      log: (action) => logged.push(action),
      now: () => 1_000,
      newId: () => {
        made += 1
        return made === 1 ? ID : `${ID.slice(0, -2)}${String(made).padStart(2, '0')}`
      },
      ...changes,
    },
  )
  return { control, asked, recorded, logged }
}

describe('a call', () => {
  test('rings the phone, and goes on in the context of the phone with the number of the phone', async () => {
    const { control, asked, recorded, logged } = office()
    expect(await control.call({ from: '101', to: '040 123 4567' }, ANNA)).toEqual({ ok: true, channelId: CHANNEL })
    expect(asked).toEqual([
      {
        channelId: CHANNEL,
        endpoint: 'PJSIP/101',
        context: 'from-office',
        extension: '0401234567',
        callerNumber: '5550101',
      },
    ])
    const row = {
      ...{ id: ID, at: 1_000, who: 'anna', action: 'call', channelId: CHANNEL, phone: '101' },
      ...{ number: '0401234567', numberKind: 'mobile', detail: null },
    }
    expect(recorded).toEqual([
      { ...row, outcome: 'requested' },
      { ...row, outcome: 'done' },
    ])
    expect(logged).toEqual([{ ...row, outcome: 'done' }])
  })

  test('CONTROL_CONTEXT wins over the context of the phone, and is needed where Asterisk tells none', async () => {
    const settingsOf = async () => null
    const told = office({ settingsOf }, { context: 'agents' })
    expect(await told.control.call({ from: '101', to: '102' }, ANNA)).toMatchObject({ ok: true })
    expect(told.asked).toMatchObject([{ context: 'agents', callerNumber: '101' }])
    const untold = office({ settingsOf })
    expect(await untold.control.call({ from: '101', to: '102' }, ANNA)).toMatchObject({
      refusal: 'conflict',
      problem: expect.stringContaining('CONTROL_CONTEXT'),
    })
    expect(untold.asked).toEqual([])
  })

  test.each([
    ['a premium number', { from: '101', to: '0600123456' }, 'forbidden'],
    ['a number abroad', { from: '101', to: '+46701234567' }, 'forbidden'],
    ['an emergency number', { from: '101', to: '112' }, 'forbidden'],
    ['a code', { from: '101', to: '*72' }, 'wrong'],
    ['the phone itself', { from: '101', to: '101' }, 'wrong'],
    ['an unknown phone', { from: 'trunk-a', to: '102' }, 'wrong'],
    ['a dial string', { from: 'PJSIP/101', to: '102' }, 'wrong'],
    ['a phone that is not registered', { from: '118', to: '102' }, 'conflict'],
  ])('%s: is refused, recorded, and not asked', async (_name, request, refusal) => {
    const { control, asked, recorded, logged } = office()
    expect(await control.call(request, ANNA)).toMatchObject({ ok: false, refusal, problem: expect.any(String) })
    expect(asked).toEqual([])
    expect(recorded).toMatchObject([{ who: 'anna', outcome: 'refused', detail: expect.any(String) }])
    expect(logged).toEqual(recorded)
  })

  test.each([
    ['Asterisk is not connected', { isInSync: () => false }, 'unavailable'],
    ['the user of ARI may only read', { isReadOnly: () => true }, 'conflict'],
    ['it cannot be recorded', { record: async () => 'disk full' }, 'unavailable'],
  ])('is not asked while %s', async (_name, changes, refusal) => {
    const { control, asked } = office(changes)
    expect(await control.call({ from: '101', to: '102' }, ANNA)).toMatchObject({ ok: false, refusal })
    expect(asked).toEqual([])
  })

  test.each<[Extract<Outcome, { ok: false }>['failure'], string, string]>([
    ['read_only', 'conflict', 'failed'],
    ['exists', 'conflict', 'failed'],
    ['refused', 'conflict', 'failed'],
    ['unknown', 'unavailable', 'unknown'],
  ])('that fails as %s is answered and recorded', async (failure, refusal, outcome) => {
    const { control, recorded } = office({ originate: async () => ({ ok: false, failure, detail: 'HTTP 500' }) })
    expect(await control.call({ from: '101', to: '102' }, ANNA)).toMatchObject({ ok: false, refusal, afterMs: null })
    expect(recorded.at(-1)).toMatchObject({ outcome, detail: `${failure}: HTTP 500` })
  })

  test('a request with the same key is made once; with another number the key is refused', async () => {
    const { control, asked } = office()
    const by = { who: 'anna', key: 'k' }
    const answers = await Promise.all([1, 2].map(() => control.call({ from: '101', to: '102' }, by)))
    expect(answers).toEqual([1, 2].map(() => ({ ok: true, channelId: CHANNEL })))
    expect(asked).toHaveLength(1)
    expect(await control.call({ from: '101', to: '0401234567' }, by)).toMatchObject({ refusal: 'wrong' })
  })

  test('too many are refused without a row', async () => {
    const { control, recorded } = office()
    for (let call = 0; call < 10; call += 1) {
      expect(await control.call({ from: '101', to: '102' }, ANNA)).toMatchObject({ ok: true })
    }
    const rows = recorded.length
    expect(await control.call({ from: '101', to: '102' }, ANNA)).toMatchObject({ refusal: 'too_many', afterMs: 6_000 })
    expect(recorded).toHaveLength(rows)
  })

  test('the record shows of a number what it may', async () => {
    const { control, asked, recorded } = office({}, { shown: (number) => `***${number.slice(-3)}` })
    await control.call({ from: '101', to: '0401234567' }, ANNA)
    expect(asked).toMatchObject([{ extension: '0401234567' }])
    expect(recorded.map(({ number }) => number)).toEqual(['***567', '***567'])
  })
})

describe('a hang-up', () => {
  test.each(['live', CHANNEL])('ends %s', async (channelId) => {
    const { control, asked, recorded } = office()
    expect(await control.hangUp(channelId, { who: 'token' })).toEqual({ ok: true, channelId })
    expect(asked).toEqual([channelId])
    expect(recorded.map(({ action, outcome, who }) => [action, outcome, who])).toEqual([
      ['hang_up', 'requested', 'token'],
      ['hang_up', 'done', 'token'],
    ])
  })

  test('of a channel that is no live call is refused', async () => {
    const { control, asked } = office()
    for (const channelId of ['other', 'control-', `${CHANNEL}/x`, `${'x'.repeat(500)}`]) {
      expect(await control.hangUp(channelId, ANNA)).toMatchObject({ refusal: 'not_found' })
    }
    expect(asked).toEqual([])
  })

  test('of a call that has just ended says so', async () => {
    const { control } = office({ hangUp: async () => ({ ok: false, failure: 'gone', detail: 'HTTP 404' }) })
    expect(await control.hangUp('live', ANNA)).toMatchObject({ refusal: 'not_found' })
  })
})
