// Catalogue of metrics, legs: the voice quality in each direction of each leg. Each metric is declared beside what adds to it.
//
// Side `rx` is what Asterisk received from the phone, `tx` what the phone reports to have received. Most calls have no leg for the
// caller's channel, so the voice of the caller is taken from the call; a leg of role `caller` (the first party of an originated call)
// has the same voice and is not counted again. Source of the definitions: VoiceQuality in src/call/fact.ts (RTCP statistics that
// Asterisk reports at hang-up).

import { VOICE_PROBLEMS } from '../../call/event.ts'
import type { StreamQuality, VoiceQuality } from '../../call/fact.ts'
import { counter, type Derivation, histogram, type MetricFamily, type Sample } from './entry.ts'
import { calleeLeg, seconds, wholeCall } from './facts.ts'
import { LIVE_VOICE, STREAM_SIDES, type StreamSide, VOICE_ROLES, type VoiceRole } from './labelValues.ts'

// A shorter conversation can end before the first packet has arrived.
const MEDIA_EXPECTED_AFTER_MS = 10_000

/** Voice quality of legs. */
export const LEG_METRICS = {
  legMos: histogram({
    name: 'asterisk_leg_mos',
    stability: 'experimental',
    help: 'Estimated mean opinion score of a leg (1 to 4.5), as Asterisk computed it at hang-up.',
    labels: { role: VOICE_ROLES, side: STREAM_SIDES },
    buckets: [1, 2, 2.5, 3, 3.25, 3.5, 3.75, 4, 4.1, 4.2, 4.3, 4.4, 4.5],
    persisted: true,
    exemplars: true,
    from: eachSide(({ mos }) => mos),
  }),
  legLoss: histogram({
    name: 'asterisk_leg_packet_loss_ratio',
    stability: 'experimental',
    help: 'Share of the voice packets of a leg that were lost (0 to 1).',
    labels: { role: VOICE_ROLES, side: STREAM_SIDES },
    buckets: [0, 0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5],
    persisted: true,
    exemplars: true,
    from: eachSide(({ lossRatio }) => lossRatio),
  }),
  legJitter: histogram({
    name: 'asterisk_leg_jitter_seconds',
    stability: 'experimental',
    help: 'Jitter of the voice packets of a leg in seconds.',
    labels: { role: VOICE_ROLES, side: STREAM_SIDES },
    buckets: [0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5],
    persisted: true,
    exemplars: true,
    from: eachSide(({ jitterMs }) => (jitterMs === null ? null : jitterMs / 1000)),
  }),
  legRoundTrip: histogram({
    name: 'asterisk_leg_round_trip_seconds',
    stability: 'experimental',
    help: 'Round-trip time between Asterisk and the far end of a leg in seconds.',
    labels: { role: VOICE_ROLES },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1],
    persisted: true,
    exemplars: true,
    from: voice(({ role, quality }) => seconds(quality?.roundTripMs ?? null, { role })),
  }),
  legsWithoutMedia: counter({
    name: 'asterisk_legs_without_media_total',
    stability: 'experimental',
    help: 'Legs that were in conversation for 10 seconds or more without one voice packet on this side.',
    labels: { role: VOICE_ROLES, side: STREAM_SIDES },
    persisted: true,
    from: eachSide(({ packets }, { answered, talkMs }) =>
      answered && talkMs >= MEDIA_EXPECTED_AFTER_MS && packets === 0 ? 1 : null,
    ),
  }),
  legsWithoutStats: counter({
    name: 'asterisk_legs_without_stats_total',
    stability: 'experimental',
    help: 'Answered legs without voice statistics: what the other leg metrics do not cover.',
    labels: { role: VOICE_ROLES },
    persisted: true,
    from: voice(({ role, answered, quality }) =>
      answered && quality === null ? [{ labels: { role }, value: 1 }] : [],
    ),
  }),
  legStatsDropped: counter({
    name: 'asterisk_leg_stats_dropped_total',
    stability: 'experimental',
    help: 'Voice statistics that Asterisk reported and that were dropped because no leg can have such a value.',
    labels: { role: VOICE_ROLES },
    persisted: true,
    from: voice(({ role, quality }) =>
      quality !== null && quality.implausible > 0 ? [{ labels: { role }, value: quality.implausible }] : [],
    ),
  }),
  legsLive: {
    type: 'gauge',
    name: 'asterisk_legs_live',
    stability: 'experimental',
    help: 'Legs in conversation by what is wrong with their voice now; absent while Asterisk is not asked. Legs that it was not asked about yet are not counted.',
    labels: { role: VOICE_ROLES, problem: LIVE_VOICE },
  },
  legsInTrouble: counter({
    name: 'asterisk_legs_in_trouble_total',
    stability: 'experimental',
    help: 'Legs whose voice was in trouble while they were in conversation, once for each problem; trunk is that of the leg, empty for a phone.',
    labels: { problem: VOICE_PROBLEMS, trunk: 'open or empty' },
    persisted: true,
    from: {
      LegInTrouble: ({ trouble: { problem, trunk } }) => [{ labels: { problem, trunk: trunk ?? '' }, value: 1 }],
    },
  }),
} satisfies MetricFamily

interface Voice {
  readonly role: VoiceRole
  readonly answered: boolean
  readonly talkMs: number
  readonly quality: VoiceQuality | null
}

/** From the caller's voice of each ended call, and from the callee's voice of each ended leg. */
function voice<Labels>(derive: (voice: Voice) => readonly Sample<Labels>[]): Derivation<Labels> {
  return {
    ...wholeCall(({ disposition, durationMs: talkMs, quality }) =>
      derive({ role: 'caller', answered: disposition === 'answered', talkMs, quality }),
    ),
    ...calleeLeg(({ answeredAt, talkMs, quality }) =>
      derive({ role: 'callee', answered: answeredAt !== null, talkMs, quality }),
    ),
  }
}

interface SideLabels {
  readonly role: VoiceRole
  readonly side: StreamSide
}

/** From each side of a measured voice; a side for which `measure` returns null adds nothing. */
function eachSide(measure: (stream: StreamQuality, voice: Voice) => number | null): Derivation<SideLabels> {
  return voice((measured) => {
    const { role, quality } = measured
    return STREAM_SIDES.flatMap((side) => {
      const value = quality === null ? null : measure(quality[side], measured)
      return value === null ? [] : [{ labels: { role, side }, value }]
    })
  })
}
