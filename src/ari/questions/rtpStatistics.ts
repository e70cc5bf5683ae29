// The counts of a live channel's RTP session.
//
// Their names mislead like those of `RTPAUDIOQOS` (call/asterisk/rtpStats.ts): `txjitter` is what Asterisk measured on the stream that it
// received, `rxjitter` what the far end reported. Zero means "not measured" wherever it depends on RTCP.
// Source: Asterisk's res_rtp_asterisk.c; answers of Asterisk 22.10 and 16.28 in test/unit/ari/answers.

import type { VoiceAnswer } from '../../voice/question.ts'
import type { WireRtpStatistics } from '../wire.ts'

/** A larger value is a clock error and no measurement. */
const MAX_SECONDS = 10

/** Null if the body has another shape. */
export function readRtpStatistics(body: object): VoiceAnswer | null {
  const { rxcount, txcount, rxploss = 0, txploss = 0, txjitter = 0, ...far } = body as WireRtpStatistics
  const { rxjitter = 0, rtt = 0, remote_maxjitter = 0, rxmes = 0 } = far
  const reported = [rxjitter, rtt, remote_maxjitter, rxmes]
  if (!isCount(rxcount) || !isCount(txcount) || !isCount(rxploss) || !isCount(txploss)) {
    return null
  }
  if (![txjitter, ...reported].every((value) => typeof value === 'number')) {
    return null
  }
  const isReported = txploss > 0 || reported.some((value) => Number(value) > 0)
  return {
    about: 'voice',
    receivedPackets: rxcount,
    sentPackets: txcount,
    receivedLost: rxploss,
    sentLost: isReported ? txploss : null,
    receivedJitterMs: milliseconds(txjitter),
    sentJitterMs: milliseconds(rxjitter),
    roundTripMs: milliseconds(rtt),
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function milliseconds(seconds: unknown): number | null {
  return typeof seconds === 'number' && seconds > 0 && seconds < MAX_SECONDS ? seconds * 1000 : null
}
