import { describe, expect, test } from 'vitest'
import { DIRECTIONS } from '../../../src/call/event.ts'
import { DISPOSITIONS } from '../../../src/call/fact.ts'
import { type CallEnding, dispositionOf, isMissed, isOffered } from '../../../src/call/outcome/disposition.ts'

const nothing: CallEnding = {
  answered: false,
  voicemail: false,
  callerHungUpIn: null,
  answeredByPbx: false,
  announced: false,
  dialplanRefusal: null,
  outcomes: [],
  targetTried: false,
  cause: 16,
  endedUnobserved: false,
}
const tried: CallEnding = { ...nothing, targetTried: true }

describe('how a call ended', () => {
  test.each<[string, CallEnding, string]>([
    [
      'an answer wins over all',
      { ...tried, answered: true, voicemail: true, callerHungUpIn: 'queue', endedUnobserved: true },
      'answered',
    ],
    ['voicemail wins over the caller', { ...tried, voicemail: true, callerHungUpIn: 'elsewhere' }, 'voicemail'],
    ['the caller left a queue', { ...tried, callerHungUpIn: 'queue', outcomes: ['no_answer'] }, 'abandoned'],
    ['the caller hung up', { ...tried, callerHungUpIn: 'elsewhere', outcomes: ['busy'] }, 'cancelled'],
    [
      'the caller left an IVR that tried nobody',
      { ...nothing, callerHungUpIn: 'elsewhere', answeredByPbx: true },
      'self_service',
    ],
    ['the caller gave up before anything answered', { ...nothing, callerHungUpIn: 'elsewhere' }, 'cancelled'],
    [
      'the caller left an announcement in early media',
      { ...nothing, callerHungUpIn: 'elsewhere', announced: true },
      'self_service',
    ],
    ['only an announcement in early media', { ...nothing, announced: true }, 'self_service'],
    ['an announcement in early media, then Hangup(1)', { ...nothing, announced: true, cause: 1 }, 'invalid_number'],
    ['an IVR, then Busy()', { ...nothing, answeredByPbx: true, dialplanRefusal: 'busy' }, 'busy'],
    ['a busy phone, then Congestion()', { ...tried, outcomes: ['busy'], dialplanRefusal: 'congestion' }, 'busy'],
    ['the PBX served it', { ...nothing, answeredByPbx: true }, 'self_service'],
    [
      'best first',
      { ...tried, outcomes: ['invalid_number', 'congestion', 'unreachable', 'rejected', 'busy', 'no_answer'] },
      'no_answer',
    ],
    ['then busy', { ...tried, outcomes: ['rejected', 'busy', 'unreachable'] }, 'busy'],
    ['then rejected', { ...tried, outcomes: ['unreachable', 'rejected', 'failed'] }, 'rejected'],
    ['then unreachable', { ...tried, outcomes: ['congestion', 'unreachable'] }, 'unreachable'],
    ['then congestion', { ...tried, outcomes: ['invalid_number', 'congestion'] }, 'congestion'],
    ['then invalid', { ...tried, outcomes: ['failed', 'invalid_number'] }, 'invalid_number'],
    ['tried, and nothing known', { ...tried, outcomes: ['cancelled'] }, 'failed'],
    ['Busy() in the dialplan', { ...nothing, cause: 17 }, 'busy'],
    ['Congestion() in the dialplan', { ...nothing, cause: 34 }, 'congestion'],
    ['Hangup(21)', { ...nothing, cause: 21 }, 'rejected'],
    ['Hangup(1)', { ...nothing, cause: 1 }, 'invalid_number'],
    ['nothing at all', nothing, 'failed'],
    ['ended while disconnected', { ...tried, endedUnobserved: true, outcomes: ['no_answer'] }, 'unknown'],
  ])('%s', (_name, ending, disposition) => {
    expect(dispositionOf(ending)).toBe(disposition)
  })

  test('missed: a target inside was tried, and nobody answered', () => {
    const missed = DISPOSITIONS.filter((disposition) => isMissed(disposition, 'inbound', true))
    expect(missed).toEqual([
      'voicemail',
      'abandoned',
      'cancelled',
      'no_answer',
      'busy',
      'rejected',
      'unreachable',
      'congestion',
    ])
    expect(isMissed('no_answer', 'internal', true)).toBe(true)
    expect(isMissed('no_answer', 'outbound', true)).toBe(false)
    expect(isMissed('no_answer', 'transit', true)).toBe(false)
    expect(isMissed('cancelled', 'inbound', false)).toBe(false)
  })

  test('offered: answered, missed, or sent out on a trunk', () => {
    for (const direction of DIRECTIONS) {
      expect(isOffered('answered', direction, false)).toBe(true)
    }
    for (const disposition of DISPOSITIONS) {
      if (disposition === 'answered') {
        continue
      }
      expect(isOffered(disposition, 'inbound', true)).toBe(isMissed(disposition, 'inbound', true))
      expect(isOffered(disposition, 'internal', false)).toBe(false)
    }
    const notSentOut = DISPOSITIONS.filter((disposition) => !isOffered(disposition, 'outbound', true))
    expect(notSentOut).toEqual(['self_service', 'merged', 'unknown'])
    expect(isOffered('no_answer', 'transit', false)).toBe(true)
  })
})
