// Decoding of frames of a real Asterisk, and of any other input.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Decoded, decodeEvent, decodeFrame, MALFORMED_REASONS, USED_FRAME_TYPES } from '../../../src/ari/decode.ts'
import { decodeBridge, decodeLiveBridge } from '../../../src/ari/decodeModels.ts'
import { FRAME_TYPES } from '../../../src/ari/frameType.ts'
import { recordedFrames, recordingNames } from './recordedFrames.ts'

const TIMESTAMP = '2026-11-23T16:11:24.425+0900'
const AT = Date.parse('2026-11-23T07:11:24.425Z')

const alice = {
  id: '1795417882.160',
  name: 'PJSIP/101-00000054',
  state: 'Up',
  protocol_id: '1-18183@127.0.0.1',
  caller: { name: 'Alice "One"', number: '101' },
  connected: { name: 'Bob Two', number: '102' },
  accountcode: 'acct101',
  dialplan: { context: 'internal', exten: '102', priority: 2, app_name: 'Dial', app_data: 'PJSIP/102,8' },
  creationtime: '2026-11-23T16:11:22.104+0900',
  language: 'en',
}
const aliceDecoded = {
  id: '1795417882.160',
  name: 'PJSIP/101-00000054',
  state: 'Up',
  callerName: 'Alice "One"',
  callerNumber: '101',
  connectedNumber: '102',
  accountCode: 'acct101',
  context: 'internal',
  exten: '102',
  app: 'Dial',
  appData: 'PJSIP/102,8',
  protocolId: '1-18183@127.0.0.1',
  createdAt: Date.parse('2026-11-23T07:11:22.104Z'),
}
const bob = { ...alice, id: '1795417882.161', name: 'PJSIP/102-00000055' }
const bobDecoded = { ...aliceDecoded, id: bob.id, name: bob.name }
const carol = { ...alice, id: '1795417882.162', name: 'PJSIP/103-00000056' }
const carolDecoded = { ...aliceDecoded, id: carol.id, name: carol.name }
const bridge = {
  id: 'c6e988f8-28c6-4109-9596-1967b3a207d1',
  technology: 'native_rtp',
  bridge_type: 'mixing',
  bridge_class: 'basic',
  creator: '',
  name: '',
  channels: [alice.id, bob.id],
  creationtime: '2026-11-23T16:11:22.917+0900',
  video_mode: 'none',
}
const bridgeDecoded = { id: bridge.id, kind: 'talk', channels: [alice.id, bob.id] }
const endpoint = { technology: 'PJSIP', resource: '106', state: 'online', channel_ids: [] }
const endpointDecoded = { technology: 'PJSIP', resource: '106', state: 'online' }

function decode(frame: object): Decoded {
  const common = { timestamp: TIMESTAMP, asterisk_id: '02:fc:00:00:00:01', application: 'callcenter-app' }
  return decodeFrame(JSON.stringify({ ...common, ...frame }))
}

function eventOf(frame: object): unknown {
  const decoded = decode(frame)
  return decoded.kind === 'event' ? decoded.event : decoded
}

describe('events', () => {
  test.each([
    ['ChannelCreated', 'ChannelCreated'],
    ['ChannelStateChange', 'ChannelStateChanged'],
    ['ChannelHold', 'Held'],
    ['ChannelUnhold', 'Unheld'],
  ])('%s', (type, ours) => {
    expect(decode({ type, channel: alice })).toEqual({
      kind: 'event',
      frameType: type,
      event: { type: ours, at: AT, channel: aliceDecoded },
    })
  })

  test('ChannelDialplan: the application is the event’s own', () => {
    const frame = { type: 'ChannelDialplan', channel: alice, dialplan_app: 'Queue', dialplan_app_data: 'support,,,,20' }
    const channel = { ...aliceDecoded, app: 'Queue', appData: 'support,,,,20' }
    expect(eventOf(frame)).toEqual({ type: 'ApplicationEntered', at: AT, channel })
  })

  test.each(['DIALSTATUS', 'QUEUESTATUS', 'RTPAUDIOQOS'])('ChannelVarset %s', (variable) => {
    const frame = { type: 'ChannelVarset', channel: alice, variable, value: 'x' }
    expect(eventOf(frame)).toEqual({ type: 'VariableSet', at: AT, channel: aliceDecoded, variable, value: 'x' })
  })

  test.each(['RTPAUDIOQOSBRIDGED', 'RTPAUDIOQOSLOSS', 'SIPDOMAIN', ''])('ChannelVarset %s is ignored', (variable) => {
    expect(decode({ type: 'ChannelVarset', channel: alice, variable, value: 'x' })).toEqual({
      kind: 'ignored',
      frameType: 'ChannelVarset',
    })
  })

  test('ChannelVarset without a channel is a global variable', () => {
    expect(decode({ type: 'ChannelVarset', variable: 'DIALSTATUS', value: 'BUSY' }).kind).toBe('ignored')
  })

  test.each([
    ['', 'trying'],
    ['PROCEEDING', 'proceeding'],
    ['PROGRESS', 'progress'],
    ['RINGING', 'ringing'],
    ['ANSWER', 'answer'],
    ['NOANSWER', 'no_answer'],
    ['BUSY', 'busy'],
    ['CANCEL', 'cancel'],
    ['CONGESTION', 'congestion'],
    ['CHANUNAVAIL', 'unavailable'],
  ])('Dial "%s"', (dialstatus, status) => {
    const frame = { type: 'Dial', dialstatus, forward: '', dialstring: '102', caller: alice, peer: bob }
    expect(eventOf(frame)).toEqual({
      type: 'Dialed',
      at: AT,
      caller: aliceDecoded,
      peer: bobDecoded,
      status,
      dialString: '102',
    })
  })

  test('Dial without a caller, without a dial string, and with a forward', () => {
    const frame = { type: 'Dial', dialstatus: 'CANCEL', forward: '103', peer: bob, forwarded: carol }
    const event = {
      type: 'Dialed',
      at: AT,
      peer: bobDecoded,
      status: 'cancel',
      dialString: '',
      forwardedTo: carolDecoded,
    }
    expect(eventOf(frame)).toEqual(event)
  })

  test('Dial with the result of a macro is ignored', () => {
    expect(decode({ type: 'Dial', dialstatus: 'CONTINUE', peer: bob })).toEqual({ kind: 'ignored', frameType: 'Dial' })
  })

  test('ChannelHangupRequest', () => {
    const type = 'ChannelHangupRequest'
    const event = { type: 'HangupRequested', at: AT, channel: aliceDecoded }
    expect(eventOf({ type, channel: alice })).toEqual({ ...event, soft: false })
    expect(eventOf({ type, channel: alice, soft: true, cause: 16 })).toEqual({ ...event, soft: true, cause: 16 })
    const far = { type, channel: alice, cause: 17, tech_cause: 486 }
    expect(eventOf(far)).toEqual({ ...event, soft: false, cause: 17, techCause: 486 })
  })

  test('ChannelDestroyed', () => {
    const frame = { type: 'ChannelDestroyed', channel: alice, cause: 21, cause_txt: 'Call Rejected' }
    const event = { type: 'ChannelDestroyed', at: AT, channel: aliceDecoded, cause: 21, causeText: 'Call Rejected' }
    expect(eventOf(frame)).toEqual(event)
    expect(eventOf({ ...frame, tech_cause: 603 })).toEqual({ ...event, techCause: 603 })
  })

  test('bridges: entered, left, destroyed', () => {
    const step = { at: AT, bridge: bridgeDecoded, channel: aliceDecoded }
    expect(eventOf({ type: 'ChannelEnteredBridge', bridge, channel: alice })).toEqual({
      type: 'BridgeEntered',
      ...step,
    })
    expect(eventOf({ type: 'ChannelLeftBridge', bridge, channel: alice })).toEqual({ type: 'BridgeLeft', ...step })
    const destroyed = { type: 'BridgeDestroyed', at: AT, bridge: bridgeDecoded }
    expect(eventOf({ type: 'BridgeDestroyed', bridge })).toEqual(destroyed)
  })

  test('BridgeBlindTransfer, only when it succeeded', () => {
    const frame = {
      type: 'BridgeBlindTransfer',
      channel: bob,
      transferee: alice,
      exten: '103',
      result: 'Success',
      bridge,
    }
    const event = { type: 'BlindTransferred', at: AT, transferer: bobDecoded, transferee: aliceDecoded, exten: '103' }
    expect(eventOf(frame)).toEqual(event)
    expect(decode({ ...frame, result: 'Invalid' }).kind).toBe('ignored')
    const { transferee: _, ...alone } = frame
    expect(eventOf(alone)).toEqual({ type: 'BlindTransferred', at: AT, transferer: bobDecoded, exten: '103' })
  })

  test('BridgeAttendedTransfer, only when it succeeded', () => {
    const frame = {
      type: 'BridgeAttendedTransfer',
      transferer_first_leg: bob,
      transferer_second_leg: bob,
      transferee: alice,
      transfer_target: carol,
      result: 'Success',
      is_external: false,
      destination_type: 'bridge',
    }
    const event = { type: 'AttendedTransferred', at: AT, firstLeg: bobDecoded, secondLeg: bobDecoded }
    expect(eventOf(frame)).toEqual({ ...event, transferee: aliceDecoded, target: carolDecoded })
    expect(decode({ ...frame, result: 'Fail' }).kind).toBe('ignored')
    expect(decode({ ...frame, transfer_target: 'x' })).toEqual({ kind: 'malformed', reason: 'bad_channel' })
  })

  test.each(['PeerStatusChange', 'EndpointStateChange'])('%s', (type) => {
    const frame = { type, endpoint, peer: { peer_status: 'Reachable' } }
    expect(eventOf(frame)).toEqual({ type: 'EndpointChanged', at: AT, endpoint: endpointDecoded })
    expect(eventOf({ ...frame, endpoint: { ...endpoint, state: 'odd' } })).toMatchObject({
      endpoint: { state: 'unknown' },
    })
  })

  test('ContactStatusChange: the round trip is a number of microseconds in a string, 0 when unknown', () => {
    const contact = (roundtrip_usec: unknown) => ({
      type: 'ContactStatusChange',
      endpoint,
      contact_info: { uri: 'sip:106@127.0.0.1:5106', contact_status: 'Reachable', aor: '106', roundtrip_usec },
    })
    const event = { type: 'ContactChanged', at: AT, endpoint: endpointDecoded }
    expect(eventOf(contact('655'))).toEqual({ ...event, roundTripMs: 0.655 })
    for (const unknown of ['0', '', 'x', '-1', 'Infinity', undefined, 5]) {
      expect(eventOf(contact(unknown))).toEqual(event)
    }
  })
})

describe('the kind of a bridge', () => {
  const softmix = { technology: 'softmix' }
  test.each([
    ['two phones', {}, 'talk'],
    ['an application’s', { technology: 'simple_bridge', bridge_class: 'stasis', creator: 'Stasis' }, 'talk'],
    ['three phones', { ...softmix, bridge_class: 'basic' }, 'talk'],
    ['ConfBridge', { ...softmix, bridge_class: 'base', creator: 'ConfBridge' }, 'conference'],
    ['ConfBridge with two inside', { bridge_class: 'base', creator: 'ConfBridge' }, 'conference'],
    [
      'an application’s bridge with a recorder in it',
      { ...softmix, bridge_class: 'stasis', creator: 'Stasis' },
      'talk',
    ],
    ['parking', { technology: 'holding_bridge', bridge_type: 'holding', bridge_class: 'parking' }, 'parking'],
    ['waiting', { technology: 'holding_bridge', bridge_type: 'holding', bridge_class: 'base' }, 'holding'],
    [
      'waiting, before it has a technology',
      { technology: '', bridge_type: 'holding', bridge_class: 'stasis' },
      'holding',
    ],
  ])('%s', (_name, over, kind) => {
    expect(decodeBridge({ ...bridge, ...over })?.kind).toBe(kind)
  })

  test('only a bridge of a snapshot has its creation time', () => {
    expect(decodeBridge(bridge)).toEqual(bridgeDecoded)
    const createdAt = Date.parse('2026-11-23T07:11:22.917Z')
    expect(decodeLiveBridge(bridge)).toEqual({ ...bridgeDecoded, createdAt })
    expect(decodeLiveBridge({ ...bridge, creationtime: undefined })).toEqual(bridgeDecoded)
    expect(decodeLiveBridge({ ...bridge, creationtime: 'then' })).toBeNull()
  })
})

describe('missing or odd fields', () => {
  test('missing texts of a channel are empty, and a missing creation time is that of the event', () => {
    expect(eventOf({ type: 'ChannelCreated', channel: { id: '1.1', name: '', caller: null, dialplan: 7 } })).toEqual({
      type: 'ChannelCreated',
      at: AT,
      channel: {
        id: '1.1',
        name: '',
        state: '',
        callerName: '',
        callerNumber: '',
        connectedNumber: '',
        accountCode: '',
        context: '',
        exten: '',
        app: '',
        appData: '',
        protocolId: '',
        createdAt: AT,
      },
    })
  })

  test.each([
    ['x'.repeat(255), 'x'.repeat(255)],
    ['x'.repeat(256), ''],
    [7, ''],
    [undefined, ''],
  ])('the call id %j of the far end is %j', (protocolId, known) => {
    const channel = { ...alice, protocol_id: protocolId }
    expect(eventOf({ type: 'ChannelCreated', channel })).toMatchObject({ channel: { protocolId: known } })
  })

  const created = { type: 'ChannelCreated', channel: alice }
  test.each([
    ['no_type', { ...created, type: undefined }],
    ['no_type', { ...created, type: '' }],
    ['no_type', { ...created, type: 5 }],
    ['bad_timestamp', { ...created, timestamp: undefined }],
    ['bad_timestamp', { ...created, timestamp: 1795421399 }],
    ['bad_timestamp', { ...created, timestamp: 'now' }],
    ['bad_channel', { ...created, channel: undefined }],
    ['bad_channel', { ...created, channel: [] }],
    ['bad_channel', { ...created, channel: { ...alice, id: '' } }],
    ['bad_channel', { ...created, channel: { ...alice, id: 1.5 } }],
    ['bad_channel', { ...created, channel: { ...alice, name: null } }],
    ['bad_channel', { ...created, channel: { ...alice, creationtime: 'then' } }],
    ['bad_channel', { type: 'Dial', dialstatus: '', caller: 7, peer: bob }],
    ['bad_channel', { type: 'Dial', dialstatus: '' }],
    ['bad_channel', { type: 'ChannelVarset', variable: 'DIALSTATUS', value: '', channel: null }],
    ['bad_channel', { type: 'BridgeBlindTransfer', result: 'Success' }],
    ['bad_channel', { type: 'ChannelHangupRequest' }],
    ['bad_field', { type: 'Dial', peer: bob }],
    ['bad_field', { type: 'ChannelVarset', channel: alice }],
    ['bad_field', { type: 'ChannelVarset', variable: 'DIALSTATUS', channel: alice }],
    ['bad_field', { type: 'ChannelDialplan', dialplan_app: 'Dial', channel: alice }],
    ['bad_field', { type: 'ChannelDestroyed', cause: '16', channel: alice }],
    ['bad_field', { type: 'ContactStatusChange', endpoint }],
    ['bad_bridge', { type: 'BridgeDestroyed' }],
    ['bad_bridge', { type: 'ChannelEnteredBridge', channel: alice, bridge: { ...bridge, channels: [7] } }],
    ['bad_bridge', { type: 'ChannelLeftBridge', channel: alice, bridge: { ...bridge, channels: undefined } }],
    ['bad_endpoint', { type: 'PeerStatusChange' }],
    ['bad_endpoint', { type: 'EndpointStateChange', endpoint: { ...endpoint, resource: '' } }],
    ['bad_endpoint', { type: 'ContactStatusChange', endpoint: { ...endpoint, technology: 1 } }],
  ])('%s %#', (reason, frame) => {
    expect(decode(frame)).toEqual({ kind: 'malformed', reason })
  })

  test.each([
    ['not_json', ''],
    ['not_json', '{"type":"Dial"'],
    ['not_json', 'hello'],
    ['not_object', 'null'],
    ['not_object', '7'],
    ['not_object', '[{"type":"Dial"}]'],
    ['too_large', `{"type":"${'x'.repeat(4 * 1024 * 1024)}"}`],
  ])('%s', (reason, text) => {
    expect(decodeFrame(text)).toEqual({ kind: 'malformed', reason })
  })

  test('each frame type of Asterisk keeps its name, any other is "other"', () => {
    const used = new Set(USED_FRAME_TYPES)
    for (const type of FRAME_TYPES) {
      if (!used.has(type)) {
        expect(decode({ type })).toEqual({ kind: 'ignored', frameType: type })
      }
    }
    expect(FRAME_TYPES).toEqual(expect.arrayContaining([...used]))
    for (const type of ['SomethingNew', 'toString', '__proto__', 'constructor', 'other']) {
      expect(decode({ type })).toEqual({ kind: 'ignored', frameType: 'other' })
    }
  })
})

describe('never throws', () => {
  const kinds = new Set(['event', 'ignored', 'malformed'])

  test('for any text', () => {
    // fast-check takes two seconds to create its own unit of all code points.
    const unit = fc.integer({ min: 0, max: 0x10_ff_ff }).map((code) => String.fromCodePoint(code))
    fc.assert(fc.property(fc.string({ unit }), (text) => kinds.has(decodeFrame(text).kind)))
  })

  test('for any value in any known type', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(alice, bridge, endpoint, TIMESTAMP, 'Success', 'DIALSTATUS'))
    const names = [
      'channel',
      'bridge',
      'endpoint',
      'peer',
      'caller',
      'forwarded',
      'dialstatus',
      'cause',
      'variable',
      'value',
    ]
    const more = [
      'result',
      'contact_info',
      'dialplan_app',
      'transferee',
      'transferer_first_leg',
      'tech_cause',
      '__proto__',
    ]
    const fields = fc.dictionary(fc.constantFrom(...names, ...more), value)
    const property = fc.property(fc.constantFrom(...FRAME_TYPES), fields, (type, frame) => {
      const decoded = decodeEvent({ ...frame, type, timestamp: TIMESTAMP })
      if (decoded.kind === 'malformed') {
        expect(MALFORMED_REASONS).toContain(decoded.reason)
      }
      if (decoded.kind === 'event') {
        expect(decoded.event.at).toBe(AT)
      }
      expect(kinds).toContain(decoded.kind)
    })
    fc.assert(property, { numRuns: 2_000 })
  })

  test('for a real frame, cut at any position', () => {
    const text = JSON.stringify({ type: 'ChannelCreated', timestamp: TIMESTAMP, channel: alice })
    for (let length = 0; length < text.length; length++) {
      expect(decodeFrame(text.slice(0, length))).toEqual({ kind: 'malformed', reason: 'not_json' })
    }
  })
})

describe('recorded traffic', () => {
  test('exists', () => {
    expect(recordingNames.length).toBeGreaterThan(200)
  })

  test.each(recordingNames)('%s decodes to its last frame', (name) => {
    for (const frame of recordedFrames(name)) {
      const decoded = decodeFrame(frame)
      if (decoded.kind === 'malformed') {
        expect.fail(`${decoded.reason}: ${frame}`)
      }
      if (decoded.frameType === 'other') {
        expect.fail(`unknown type: ${frame}`)
      }
    }
  })
})
