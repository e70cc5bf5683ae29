// What leads from a call to its SIP trace and its recording: which Call-ID and which file a call and its legs have.

import { describe, expect, test } from 'vitest'
import { fold, newTracker } from './recording.ts'
import { Story } from './story.ts'

const newStory = () => new Story()
const FILE = '/var/spool/asterisk/monitor/2026/11/29/in-500.wav'
const OTHER = '/var/spool/asterisk/monitor/2026/11/29/q-sales.wav'

function recordingsOf(story: Story): Readonly<Record<string, string | null>> {
  return Object.fromEntries([...fold(story.events).calls].map(([id, { recording }]) => [id, recording]))
}

const callIdsOf = (story: Story) => {
  const { calls, legs } = fold(story.events)
  return {
    calls: [...calls.values()].map(({ sipCallId }) => sipCallId),
    legs: [...legs.values()].map(({ endpoint, sipCallId }) => `${endpoint} ${sipCallId}`),
  }
}

/** 101 calls 102, and both talk; Asterisk names the dialogs only after the first event of each channel. */
function talking(): Story {
  return newStory()
    .calls('1.1', 'PJSIP/101-1', '102')
    .isNamed('1.1', 'caller@phone')
    .runs('1.1', 'Dial', 'PJSIP/102')
    .rings('1.1', '1.2', 'PJSIP/102-2')
    .isNamed('1.2', 'b7')
    .answers('1.1', '1.2', 'b')
}

describe('the SIP Call-ID', () => {
  test('of a call is that of the caller’s dialog, and each leg has its own', () => {
    const story = talking().isNamed('1.1', '').isNamed('1.2', '').isDestroyed('1.2').isDestroyed('1.1')
    expect(callIdsOf(story)).toEqual({ calls: ['caller@phone'], legs: ['102 b7'] })
  })

  test('is the first one that a channel had: a pickup puts another dialog behind the same channel', () => {
    const story = talking().isNamed('1.2', 'of-the-helper').hangsUp('1.1').isDestroyed('1.2').isDestroyed('1.1')
    expect(callIdsOf(story).legs).toEqual(['102 b7'])
  })

  test('is null for what is no SIP', () => {
    const story = newStory()
      .calls('1.1', 'DAHDI/1-1', '102')
      .runs('1.1', 'Dial', 'IAX2/102')
      .rings('1.1', '1.2', 'IAX2/102-2')
    expect(callIdsOf(story.isDestroyed('1.2').isDestroyed('1.1'))).toEqual({ calls: [null], legs: ['102 null'] })
  })

  test('of an originated call is that of the phone that the PBX called first', () => {
    const story = newStory().rings(null, '1.1', 'PJSIP/101-1').isNamed('1.1', 'b1').dials(null, '1.1', 'answer')
    story.becomes('1.1', 'Up').runs('1.1', 'Dial', 'PJSIP/102').rings('1.1', '1.2', 'PJSIP/102-2').isNamed('1.2', 'b2')
    const { calls, legs } = callIdsOf(story.isDestroyed('1.2').isDestroyed('1.1'))
    expect(calls).toEqual(['b1'])
    expect(legs.toSorted()).toEqual(['101 b1', '102 b2'])
  })

  test('is in a snapshot too', () => {
    const tracker = newTracker()
    fold([talking().snapshot()], tracker)
    expect([...tracker.live()]).toMatchObject([{ sipCallId: 'caller@phone' }])
  })
})

describe('the recording', () => {
  test('may begin on any channel of the call: the caller’s, the callee’s, the Local channel between', () => {
    const ended = (story: Story) => story.isDestroyed('1.2').isDestroyed('1.1')
    expect(recordingsOf(ended(talking().sets('1.1', 'MIXMONITOR_FILENAME', FILE)))).toEqual({ '1.1': FILE })
    expect(recordingsOf(ended(talking().sets('1.2', 'MIXMONITOR_FILENAME', FILE)))).toEqual({ '1.1': FILE })
    const behindLocal = newStory()
      .calls('1.1', 'PJSIP/101-1', '102')
      .creates('1.8', 'Local/102@x-1;1')
      .creates('1.9', 'Local/102@x-1;2')
      .dials('1.1', '1.8')
      .sets('1.9', 'MIXMONITOR_FILENAME', FILE)
      .isDestroyed('1.9')
      .isDestroyed('1.8')
      .isDestroyed('1.1')
    expect(recordingsOf(behindLocal)).toEqual({ '1.1': FILE })
  })

  test('may begin before anything is known of the call', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/101-1', '102')
      .creates('1.2', 'PJSIP/102-2')
      .sets('1.2', 'MIXMONITOR_FILENAME', FILE)
      .rings('1.1', '1.2', 'PJSIP/102-2')
    expect(recordingsOf(story.isDestroyed('1.2').isDestroyed('1.1'))).toEqual({ '1.1': FILE })
  })

  test('is told as soon as it begins', () => {
    const story = talking()
    const before = story.events.length
    const tracker = newTracker()
    fold(story.events, tracker)
    const { facts } = fold(story.sets('1.1', 'MIXMONITOR_FILENAME', FILE).events.slice(before), tracker)
    expect(facts).toMatchObject([{ type: 'CallChanged', call: { recording: FILE } }])
  })

  test('is the first of several, whatever else is set afterwards', () => {
    const story = talking()
      .sets('1.1', 'MIXMONITOR_FILENAME', '')
      .sets('1.1', 'MIXMONITOR_FILENAME', FILE)
      .sets('1.2', 'MIXMONITOR_FILENAME', OTHER)
      .sets('1.1', 'MIXMONITOR_FILENAME', '')
    expect(recordingsOf(story.isDestroyed('1.2').isDestroyed('1.1'))).toEqual({ '1.1': FILE })
  })

  test('of a consultation stays with it, and the call that goes on keeps its own', () => {
    const story = consulting().sets('1.1', 'MIXMONITOR_FILENAME', FILE).sets('1.3', 'MIXMONITOR_FILENAME', OTHER)
    expect(recordingsOf(transferred(story))).toEqual({ '1.1': FILE, '1.3': OTHER })
  })

  test('of a consultation is also that of the call that goes on without one', () => {
    const story = consulting().sets('1.3', 'MIXMONITOR_FILENAME', OTHER)
    expect(recordingsOf(transferred(story))).toEqual({ '1.1': OTHER, '1.3': OTHER })
  })

  test('goes on with the caller who is transferred blindly', () => {
    const story = talking().sets('1.1', 'MIXMONITOR_FILENAME', FILE).transfersBlind('1.2', '1.1', '103')
    story.isDestroyed('1.2').runs('1.1', 'Dial', 'PJSIP/103').rings('1.1', '1.3', 'PJSIP/103-3')
    expect(recordingsOf(story.isDestroyed('1.3').isDestroyed('1.1'))).toEqual({ '1.1': FILE })
  })

  test('of an agent’s whole shift is not that of the customers', () => {
    const story = newStory()
      .calls('1.1', 'PJSIP/101-1', '800')
      .sets('1.1', 'MIXMONITOR_FILENAME', FILE)
      .becomes('1.1', 'Up')
      .runs('1.1', 'AgentLogin', '1001')
      .enters('1.1', 'pool', 'holding')
    story.calls('1.5', 'PJSIP/trunk-a-5', '500').runs('1.5', 'AgentRequest', '1001').becomes('1.5', 'Up')
    story.leaves('1.1', 'pool').enters('1.1', 'b').enters('1.5', 'b').wait(2_000)
    story.leaves('1.5', 'b').isDestroyed('1.5').leaves('1.1', 'b').enters('1.1', 'pool', 'holding').isDestroyed('1.1')
    expect(recordingsOf(story)).toEqual({ '1.1': FILE, '1.5': null })
  })
})

/** 101 talks with 102, and 102 with 103 on a second line. */
function consulting(): Story {
  const story = talking().calls('1.3', 'PJSIP/102-3', '103').runs('1.3', 'Dial', 'PJSIP/103')
  return story.rings('1.3', '1.4', 'PJSIP/103-4').answers('1.3', '1.4', 'c')
}

/** 102 connects 101 with 103. */
function transferred(story: Story): Story {
  story.sets('1.1', 'ATTENDEDTRANSFER', 'PJSIP/102-3').leaves('1.2', 'b').leaves('1.3', 'c')
  story.isDestroyed('1.2').isDestroyed('1.3').enters('1.4', 'b')
  return story.wait(1_000).isDestroyed('1.4').isDestroyed('1.1')
}
