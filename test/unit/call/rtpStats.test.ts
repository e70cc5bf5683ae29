import { expect, test } from 'vitest'
import { parseRtpStats } from '../../../src/call/asterisk/rtpStats.ts'
import { eventsOf, fold } from './recording.ts'

const text = (fields: Record<string, string | number>) =>
  Object.entries({
    ssrc: 1,
    themssrc: 2,
    lp: 0,
    rxjitter: 0,
    rxcount: 500,
    txjitter: 0,
    txcount: 500,
    rlp: 0,
    rtt: 0,
    rxmes: 0,
    txmes: 0,
    ...fields,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join(';')

test('what Asterisk measured is under `tx`, what the phone reported under `rx`', () => {
  const quality = parseRtpStats(
    text({ lp: 25, txjitter: 0.012, txmes: 88.087887, rlp: 5, rxjitter: 0.004, rxmes: 60.909275, rtt: 0.05 }),
  )
  expect(quality?.rx).toEqual({ packets: 500, mos: expect.closeTo(4.29, 2), lossRatio: 25 / 525, jitterMs: 12 })
  expect(quality?.tx).toEqual({ packets: 500, mos: expect.closeTo(3.147, 2), lossRatio: 5 / 505, jitterMs: 4 })
  expect(quality?.roundTripMs).toBe(50)
  expect(quality?.implausible).toBe(0)
})

test('zero is not measured: a short call has no loss and no MOS', () => {
  const quality = parseRtpStats(text({}))
  expect(quality?.rx).toEqual({ packets: 500, mos: null, lossRatio: null, jitterMs: null })
  expect(quality?.roundTripMs).toBeNull()
})

test('implausible values are dropped and counted', () => {
  const quality = parseRtpStats(text({ rtt: 65_535.9, txjitter: -1, rxjitter: 4_000, rlp: 'nan' }))
  expect(quality).toMatchObject({ roundTripMs: null, rx: { jitterMs: null }, tx: { jitterMs: null, lossRatio: null } })
  expect(quality?.implausible).toBeGreaterThanOrEqual(3)
})

test.each(['', 'no statistics here', 'rxcount=5', 'ssrc=1;lp=0'])('%j holds none', (nothing) => {
  expect(parseRtpStats(nothing)).toBeNull()
})

test('the call whose phone lost every tenth packet: the caller’s side shows it, the other side does not', () => {
  const { calls, legs } = fold(eventsOf('voice-quality-loss'))
  const [call] = calls.values()
  expect(call?.quality?.rx).toMatchObject({
    packets: 212,
    lossRatio: expect.closeTo(17 / 229, 6),
    mos: expect.closeTo(3.147, 2),
  })
  const [leg] = legs.values()
  expect(leg?.quality?.rx).toMatchObject({ packets: 396, lossRatio: 0, mos: expect.closeTo(4.29, 2) })
})
