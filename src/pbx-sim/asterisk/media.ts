// The RTP packets of a channel: they grow while it is up; now and then a call has a trouble, if the simulation has any.
//
// Whether a channel has one depends on its id only, so that no other draw changes. Source: rtp_statistics of Asterisk 22.10.

import type { Random } from '../random.ts'
import type { SimChannel } from './channel.ts'
import type { World } from './world.ts'

/** Loss is computed, and reports of the far end arrive, at this interval. */
export const RTCP_INTERVAL_MS = 5000

const PACKETS_PER_MS = 1 / 20

const ONE_WAY_SHARE = 0.01
const LOSS_SHARE = 0.03
const LOST_SHARE = 0.08

export type Trouble = 'one_way' | 'loss'

export interface Packets {
  readonly received: number
  readonly sent: number
  readonly lost: number
}

/** What is wrong with the audio that a channel receives; null for nothing. */
export function troubleOf(trouble: Random | null, channel: SimChannel): Trouble | null {
  const drawn = trouble?.fork(Number(channel.id.split('.')[1])).next() ?? 1
  if (drawn < ONE_WAY_SHARE) {
    return 'one_way'
  }
  return drawn < ONE_WAY_SHARE + LOSS_SHARE ? 'loss' : null
}

/** The packets of so many ms of audio; `lost` only up to the last interval. */
export function packetsOf(mediaMs: number, trouble: Trouble | null): Packets {
  const sent = Math.floor(mediaMs * PACKETS_PER_MS)
  if (trouble === null) {
    return { received: sent, sent, lost: 0 }
  }
  if (trouble === 'one_way') {
    return { received: 0, sent, lost: 0 }
  }
  const measured = Math.floor(Math.floor(mediaMs / RTCP_INTERVAL_MS) * RTCP_INTERVAL_MS * PACKETS_PER_MS * LOST_SHARE)
  return { received: sent - Math.floor(sent * LOST_SHARE), sent, lost: measured }
}

/** `GET /channels/{id}/rtp_statistics`, in the order of Asterisk. */
export function rtpStatistics(world: World, channel: SimChannel): Readonly<Record<string, number | string>> {
  const mediaMs = channel.upAt === null ? 0 : world.now() - channel.upAt
  const trouble = troubleOf(world.voiceTrouble, channel)
  const { received, sent, lost } = packetsOf(mediaMs, trouble)
  const isReported = mediaMs >= RTCP_INTERVAL_MS
  const number = Number(channel.id.split('.')[1])
  const own = received === 0 ? 0 : (1 + (number % 6)) / 8000
  const far = isReported ? (1 + (number % 4)) / 8000 : 0
  const rtt = isReported ? 0.01 + (number % 30) / 1000 : 0
  const mes = isReported && received > 0 ? 88 - Math.min(80, Math.round((lost / (received + lost)) * 350)) : 0
  return {
    txcount: sent,
    rxcount: received,
    txploss: 0,
    rxploss: lost,
    local_ssrc: 1_000_000 + number,
    remote_ssrc: received === 0 ? 0 : 2_000_000 + number,
    txoctetcount: sent * 160,
    rxoctetcount: received * 160,
    channel_uniqueid: channel.id,
    txjitter: own,
    rxjitter: far,
    ...spread('remote', 'jitter', far),
    ...spread('local', 'jitter', own),
    ...spread('remote', 'rxploss', 0),
    ...spread('local', 'rxploss', lost),
    rtt,
    maxrtt: rtt,
    minrtt: rtt,
    normdevrtt: rtt,
    stdevrtt: 0,
    txmes: mes,
    rxmes: isReported ? 88 : 0,
    ...spread('remote', 'mes', isReported ? 88 : 0),
    ...spread('local', 'mes', mes),
  }
}

function spread(side: string, what: string, value: number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    ['max', 'min', 'normdev', 'stdev'].map((kind) => [`${side}_${kind}${what}`, kind === 'stdev' ? 0 : value]),
  )
}
