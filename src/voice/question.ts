// What the PBX can be asked about the voice of a live channel, and what it answers.
//
// Source: ARI's `GET /channels/{id}/rtp_statistics`, the counts of the channel's RTP session since its start.

export interface VoiceQuestion {
  readonly about: 'voice'
  readonly channelId: string
}

/** Counts since the start of the RTP session. `received`: from the phone or trunk; `sent`: to it. Null: not measured. */
export interface VoiceAnswer {
  readonly about: 'voice'
  readonly receivedPackets: number
  readonly sentPackets: number
  readonly receivedLost: number | null
  /** As the other end reports it over RTCP. */
  readonly sentLost: number | null
  readonly receivedJitterMs: number | null
  readonly sentJitterMs: number | null
  readonly roundTripMs: number | null
}
