// A leg's voice quality from `RTPAUDIOQOS`, a variable that Asterisk sets on the channel at hangup.
//
// Its names mislead: for jitter and MES the `tx` values are what Asterisk measured on the stream it received, the `rx`
// values what the far end reported. Zero means "not measured" wherever it depends on RTCP, and loss and MES are only
// computed every five seconds. Source: Asterisk's res_rtp_asterisk.c, recorded calls in test/traces.

import type { StreamQuality, VoiceQuality } from '../fact.ts'

/** A larger value is a clock error and no measurement: it is dropped and counted. */
const MAX_SECONDS = 10

/** Null when the text holds no statistics at all. */
export function parseRtpStats(text: string): VoiceQuality | null {
  const fields = new Map(text.split(';').map((field) => split(field)))
  const read = (name: string) => fields.get(name) ?? 0
  if (!fields.has('rxcount') || !fields.has('txcount')) {
    return null
  }
  const dropped = { count: 0 }
  const own = stream(dropped, {
    packets: read('rxcount'),
    lost: read('lp'),
    jitter: read('txjitter'),
    mes: read('txmes'),
  })
  const reported = stream(dropped, {
    packets: read('txcount'),
    lost: read('rlp'),
    jitter: read('rxjitter'),
    mes: read('rxmes'),
  })
  return { rx: own, tx: reported, roundTripMs: milliseconds(dropped, read('rtt')), implausible: dropped.count }
}

interface Measured {
  readonly packets: number
  readonly lost: number
  readonly jitter: number
  readonly mes: number
}

function stream(dropped: { count: number }, { packets, lost, jitter, mes }: Measured): StreamQuality {
  const mos = mes > 0 ? mosOf(mes) : null
  return {
    packets: plausible(dropped, packets, packets >= 0),
    mos,
    lossRatio: mos === null && lost <= 0 ? null : plausible(dropped, lost / Math.max(1, packets + lost), lost >= 0),
    jitterMs: milliseconds(dropped, jitter),
  }
}

function milliseconds(dropped: { count: number }, seconds: number): number | null {
  return seconds === 0 ? null : plausible(dropped, seconds * 1000, seconds > 0 && seconds < MAX_SECONDS)
}

function plausible(dropped: { count: number }, value: number, isPlausible: boolean): number | null {
  if (isPlausible && Number.isFinite(value)) {
    return value
  }
  dropped.count += 1
  return null
}

// MES is an R factor (0..100); the mapping to MOS is ITU-T G.107's.
function mosOf(mes: number): number {
  const r = Math.min(100, mes)
  return Math.min(4.5, Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6))
}

function split(field: string): readonly [string, number] {
  const equals = field.indexOf('=')
  return [field.slice(0, equals).trim(), Number(field.slice(equals + 1))]
}
