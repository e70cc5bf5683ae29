// The catalogue, legs: how the voice was on each side of each leg.
//
// Only definitions. Side `rx` is what Asterisk received from the phone, `tx` what the phone reports to have received.
// Source of the meaning: VoiceQuality in src/call/fact.ts (RTCP statistics that Asterisk tells at hang-up).

import type { MetricFamily } from './entry.ts'
import { STREAM_SIDES, VOICE_ROLES } from './labelValues.ts'

/** Voice quality of legs. */
export const LEG_METRICS = {
  legMos: {
    type: 'histogram',
    name: 'asterisk_leg_mos',
    help: 'Estimated mean opinion score of a leg (1 to 4.5), as Asterisk computed it at hang-up.',
    labels: { role: VOICE_ROLES, side: STREAM_SIDES },
    buckets: [1, 2, 2.5, 3, 3.25, 3.5, 3.75, 4, 4.1, 4.2, 4.3, 4.4, 4.5],
    kept: true,
    exemplars: true,
  },
  legLoss: {
    type: 'histogram',
    name: 'asterisk_leg_packet_loss_ratio',
    help: 'Share of the voice packets of a leg that were lost (0 to 1).',
    labels: { role: VOICE_ROLES, side: STREAM_SIDES },
    buckets: [0, 0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5],
    kept: true,
    exemplars: true,
  },
  legJitter: {
    type: 'histogram',
    name: 'asterisk_leg_jitter_seconds',
    help: 'Jitter of the voice packets of a leg in seconds.',
    labels: { role: VOICE_ROLES, side: STREAM_SIDES },
    buckets: [0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5],
    kept: true,
    exemplars: true,
  },
  legRoundTrip: {
    type: 'histogram',
    name: 'asterisk_leg_round_trip_seconds',
    help: 'Round-trip time between Asterisk and the far end of a leg in seconds.',
    labels: { role: VOICE_ROLES },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1],
    kept: true,
    exemplars: true,
  },
  legsWithoutMedia: {
    type: 'counter',
    name: 'asterisk_legs_without_media_total',
    help: 'Legs that were in conversation for 10 seconds or more without one voice packet on this side.',
    labels: { role: VOICE_ROLES, side: STREAM_SIDES },
    kept: true,
  },
  legsWithoutStats: {
    type: 'counter',
    name: 'asterisk_legs_without_stats_total',
    help: 'Answered legs of which no voice statistics were heard: what the other leg metrics do not cover.',
    labels: { role: VOICE_ROLES },
    kept: true,
  },
  legStatsDropped: {
    type: 'counter',
    name: 'asterisk_leg_stats_dropped_total',
    help: 'Voice statistics that were told and dropped, because no leg can have such a value.',
    labels: { role: VOICE_ROLES },
    kept: true,
  },
} satisfies MetricFamily
