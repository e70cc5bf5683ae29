// Where the gauges of this moment are read from: the parts of the exporter.

import type { Session } from '../ari/session.ts'
import type { Tracker } from '../call/tracker.ts'
import type { MissedCallers } from '../callback/missedCallers.ts'
import type { CallLog } from '../calllog/callLog.ts'
import { type LiveSources, registerLiveGauges } from '../metrics/liveGauges.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Shipping } from '../shipping/client.ts'
import type { VoiceWatch } from '../voice/voiceWatch.ts'
import type { ExporterOptions } from './exporterOptions.ts'
import type { Roles } from './roles.ts'

interface Parts extends Required<Pick<LiveSources, 'staffing' | 'toll'>>, Pick<Roles, 'endpoints' | 'roleOf'> {
  readonly tracker: Pick<Tracker, 'liveCounts'>
  readonly session: Pick<Session, 'status' | 'stasis' | 'queued'>
  readonly callLog: Pick<CallLog, 'status' | 'walBytes'>
  readonly missedCallers: Pick<MissedCallers, 'waiting'>
  readonly voice: Pick<VoiceWatch, 'legs'>
  readonly shipping: Pick<Shipping, 'states'>
}

/** They are read at each scrape. */
export function registerGauges(
  { calls, ari }: Pick<ExporterOptions, 'calls' | 'ari'>,
  { registry }: Pick<Metrics, 'registry'>,
  parts: Parts,
): void {
  const { tracker, session, callLog, endpoints, roleOf, missedCallers, voice, shipping, staffing, toll } = parts
  const isInSync = () => session.status().phase === 'in_sync'
  registerLiveGauges(registry, {
    liveCounts: () => tracker.liveCounts(),
    session: () => sessionNow(session),
    callLog: () => ({ ...callLog.status(), walBytes: callLog.walBytes() }),
    outbox: shipping.states,
    endpoints: () => [...endpoints.all()].map((one) => ({ ...one, role: roleOf(one.endpoint) })),
    trunkCapacities: calls.trunkChannels,
    missedCallers: missedCallers.waiting,
    voice: () => (isInSync() && ari.questionsPerSecond > 0 ? voice.legs() : null),
    staffing,
    toll,
  })
}

function sessionNow({ status, stasis, queued }: Parts['session']) {
  const { phase, asterisk } = status()
  return { inSync: phase === 'in_sync', asterisk, stasis: stasis(), queued: queued() }
}
