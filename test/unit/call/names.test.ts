import { describe, expect, test } from 'vitest'
import { dialedEndpoints, parseChannelName } from '../../../src/call/asterisk/channelName.ts'
import { causeClass, legResult } from '../../../src/call/outcome/cause.ts'
import { directionOf, rolesByName } from '../../../src/call/outcome/direction.ts'

describe('a channel name', () => {
  test.each([
    ['PJSIP/101-0000002a', 'party', 'PJSIP', '101'],
    ['PJSIP/trunk-a-0000002d', 'party', 'PJSIP', 'trunk-a'],
    ['SIP/carrier.example.net-00000001', 'party', 'SIP', 'carrier.example.net'],
    ['IAX2/branch-1234', 'party', 'IAX2', 'branch'],
    ['DAHDI/i1/0401112223-1', 'party', 'DAHDI', 'i1'],
    ['CBAnn/lab-00000004;2', 'internal', 'CBAnn', 'lab-00000004;2'],
    ['Snoop/1795417706.0-00000000', 'internal', 'Snoop', '1795417706.0'],
    ['UnicastRTP/127.0.0.1:9000-0x7f', 'internal', 'UnicastRTP', '127.0.0.1:9000-0x7f'],
    ['nonsense', 'party', '', 'nonsense'],
    ['', 'party', '', ''],
  ])('%j', (name, kind, technology, endpoint) => {
    expect(parseChannelName(name)).toEqual({ kind, technology, endpoint, pair: null })
  })

  test('the halves of a Local pair share a name', () => {
    const one = parseChannelName('Local/102@internal-00000005;1')
    const two = parseChannelName('Local/102@internal-00000005;2')
    expect(one).toEqual({
      kind: 'local',
      technology: 'Local',
      endpoint: '102@internal',
      pair: 'Local/102@internal-00000005',
    })
    expect(two.pair).toBe(one.pair)
  })
})

test('what a Dial names', () => {
  expect(dialedEndpoints('PJSIP/105&PJSIP/0401234567@trunk-a&Local/9@x&SIP/carrier/0401,5,tT')).toEqual([
    { endpoint: '105', dialed: '105' },
    { endpoint: 'trunk-a', dialed: '0401234567@trunk-a' },
    { endpoint: 'carrier', dialed: 'carrier/0401' },
  ])
  for (const none of ['', ',5', 'PJSIP/', '&&', 'Local/1@x']) {
    expect(dialedEndpoints(none)).toEqual([])
  }
})

describe('roles', () => {
  test('without patterns only digits make a phone', () => {
    const role = rolesByName([])
    expect(['101', 'alice', 'trunk-a', '10a', ''].map(role)).toEqual(['phone', 'trunk', 'trunk', 'trunk', 'trunk'])
  })

  test('patterns are globs, and nothing in them is a regular expression', () => {
    const role = rolesByName(['trunk-*', 'c?rrier', 'a.b'])
    const trunks = ['trunk-', 'trunk-a', 'carrier', 'a.b']
    const phones = ['101', 'alice', 'xtrunk-a', 'crrier', 'axb', 'Trunk-a']
    expect(trunks.map(role)).toEqual(trunks.map(() => 'trunk'))
    expect(phones.map(role)).toEqual(phones.map(() => 'phone'))
  })

  test('directions', () => {
    expect([directionOf('trunk', 'phone'), directionOf('trunk', 'trunk'), directionOf('trunk', null)]).toEqual([
      'inbound',
      'transit',
      'inbound',
    ])
    expect([directionOf('phone', 'trunk'), directionOf('phone', 'phone'), directionOf('phone', null)]).toEqual([
      'outbound',
      'internal',
      'internal',
    ])
  })
})

describe('causes', () => {
  test.each([
    [[0, 16, 31, 127], 'normal'],
    [[17], 'busy'],
    [[19], 'no_answer'],
    [[21], 'rejected'],
    [[26], 'answered_elsewhere'],
    [[3, 18, 20, 27], 'unreachable'],
    [[34, 38, 41, 42], 'congestion'],
    [[1, 22, 28], 'invalid_number'],
    [[2, 88, -1, 9999], 'other'],
  ] as const)('%j are %s', (causes, name) => {
    expect(causes.map(causeClass)).toEqual(causes.map(() => name))
  })

  const end = {
    status: 'no_answer',
    refusal: null,
    cause: 0,
    madeProgress: true,
    callerHungUp: false,
    answeredElsewhere: false,
  } as const

  test.each([
    [{}, 'no_answer'],
    [{ madeProgress: false }, 'unreachable'],
    [{ cause: 21 }, 'rejected'],
    [{ cause: 1 }, 'invalid_number'],
    [{ cause: 38 }, 'congestion'],
    [{ cause: 19, madeProgress: false }, 'unreachable'],
    [{ status: 'busy', cause: 17 }, 'busy'],
    [{ status: 'busy' }, 'busy'],
    [{ status: 'congestion' }, 'congestion'],
    [{ status: 'unavailable' }, 'unreachable'],
    [{ status: 'cancel', callerHungUp: true, cause: 127 }, 'cancelled'],
    [{ status: 'cancel', cause: 26 }, 'answered_elsewhere'],
    [{ status: 'cancel', answeredElsewhere: true }, 'answered_elsewhere'],
    [{ status: 'cancel' }, 'no_answer'],
    [{ status: null, cause: 26 }, 'answered_elsewhere'],
    [{ status: 'answer', cause: 17 }, 'answered'],
    // Asterisk copies the caller's cause onto the attempts that it cancels; a refusal by the callee is not such a copy.
    [{ status: 'cancel', callerHungUp: true, cause: 17 }, 'cancelled'],
    [{ status: 'cancel', callerHungUp: true, cause: 21, refusal: { cause: 21, techCause: 603 } }, 'rejected'],
  ] as const)('an attempt that ended %j is %s', (change, result) => {
    expect(legResult({ ...end, ...change })).toBe(result)
  })

  /** Cause and SIP status as Asterisk reports them; then the result at once, and after ringing. */
  test.each([
    [21, 401, 'rejected', 'rejected'],
    [21, 403, 'rejected', 'rejected'],
    [1, 404, 'invalid_number', 'invalid_number'],
    [18, 408, 'unreachable', 'no_answer'],
    [22, 410, 'invalid_number', 'invalid_number'],
    [19, 480, 'unreachable', 'no_answer'],
    [28, 484, 'invalid_number', 'invalid_number'],
    [17, 486, 'busy', 'busy'],
    [58, 488, 'failed', 'failed'],
    [38, 500, 'congestion', 'congestion'],
    [27, 502, 'unreachable', 'unreachable'],
    [34, 503, 'congestion', 'congestion'],
    [102, 504, 'unreachable', 'no_answer'],
    [17, 600, 'busy', 'busy'],
    [21, 603, 'rejected', 'rejected'],
    [1, 604, 'invalid_number', 'invalid_number'],
    [58, 606, 'failed', 'failed'],
    [65, 415, 'failed', 'failed'],
    [79, 501, 'failed', 'failed'],
    [88, null, 'failed', 'failed'],
    [127, 410, 'invalid_number', 'invalid_number'],
    [127, 606, 'failed', 'failed'],
    [127, 504, 'unreachable', 'no_answer'],
    [127, 499, 'unreachable', 'no_answer'],
    [127, null, 'unreachable', 'no_answer'],
  ] as const)(
    'the refusal %s with SIP %s is %s at once, %s after ringing',
    (cause, techCause, atOnce, afterRinging) => {
      const refused = { ...end, cause, refusal: { cause, techCause } }
      expect(legResult({ ...refused, madeProgress: false })).toBe(atOnce)
      expect(legResult({ ...refused, madeProgress: true })).toBe(afterRinging)
    },
  )
})
