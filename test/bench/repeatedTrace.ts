// The recorded load again and again, each time as other calls: ready bytes into which new ids are written, so that hundreds of megabytes a
// second cost the sender little.

import { recordedLoad } from './frames.ts'
import { wirePieces } from './wire.ts'

/** The ids of channels begin with ten digits of seconds: those of another day are other channels. */
const CHANNEL_ID = /\b(1\d{9})\.\d+\b/g
const DAY_S = 86_400

/** Some frames of the recording. */
export interface TracePiece {
  readonly bytes: Buffer
  /** Where the ids in it begin. */
  readonly ids: readonly { readonly at: number; readonly seconds: number }[]
  /** How many calls have ended with it, since the recording began. */
  readonly ended: number
}

export interface RepeatedTrace {
  readonly calls: number
  readonly pieces: readonly TracePiece[]
}

export function repeatedTrace(): RepeatedTrace {
  const { frames, calls } = recordedLoad(1)
  let destroyed = 0
  const pieces = wirePieces(frames).map((bytes) => {
    // One character a byte, so that positions are the same.
    const text = bytes.toString('latin1')
    const ids = [...text.matchAll(CHANNEL_ID)].map((match) => ({ at: match.index, seconds: Number(match[1]) }))
    destroyed += text.split('"type":"ChannelDestroyed"').length - 1
    // Each call of the recording has two channels.
    return { bytes, ids, ended: Math.floor(destroyed / 2) }
  })
  return { calls, pieces }
}

/** A copy of the piece as part of other calls, for each `time` different ones. */
export function asOtherCalls({ bytes, ids }: TracePiece, time: number): Buffer {
  const copy = Buffer.from(bytes)
  for (const { at, seconds } of ids) {
    copy.write(String(seconds + (time + 1) * DAY_S), at, 'latin1')
  }
  return copy
}
