// Catalogue of metrics, missed callers: who waits to be called back, and what closed them.
//
// Numbers are never labels: they are rows of the call log. Source of the definitions: src/callback/missedCaller.ts.

import {
  MISSED_CALLER_OUTCOMES,
  type MissedCaller,
  type MissedCallerOutcome,
  waitedMs,
} from '../../callback/missedCaller.ts'
import { counter, histogram, type MetricFamily } from './entry.ts'
import { seconds } from './facts.ts'

/** People outside who were missed and with whom nobody has spoken since. */
export const CALLBACK_METRICS = {
  missedCallersWaiting: {
    type: 'gauge',
    name: 'asterisk_missed_callers_waiting',
    stability: 'stable',
    help: 'People outside who were missed and with whom nobody has spoken since, by the queue of their last missed call; empty without a queue.',
    labels: { queue: 'open' },
  },
  missedCallersOldestWait: {
    type: 'gauge',
    name: 'asterisk_missed_callers_oldest_wait_seconds',
    stability: 'stable',
    help: 'Seconds since the first missed call of the one who has waited longest, 0 when nobody waits.',
    labels: { queue: 'open' },
  },
  missedCallersOldestUntriedWait: {
    type: 'gauge',
    name: 'asterisk_missed_callers_oldest_untried_wait_seconds',
    stability: 'experimental',
    help: 'Seconds since the first missed call of the one who has waited longest without a call back, answered or not; 0 when there is nobody. A try counts until the next missed call.',
    labels: { queue: 'open' },
  },
  missedCallers: counter({
    name: 'asterisk_missed_callers_total',
    stability: 'stable',
    help: 'Missed callers who were closed: called back, called again and answered, or waited too long.',
    labels: { outcome: MISSED_CALLER_OUTCOMES },
    persisted: true,
    from: { MissedCallerClosed: ({ caller }) => [{ labels: { outcome: outcomeOf(caller) }, value: 1 }] },
  }),
  missedCallerWait: histogram({
    name: 'asterisk_missed_caller_wait_seconds',
    stability: 'stable',
    help: 'Seconds from the end of the first missed call until the missed caller was closed.',
    labels: { outcome: MISSED_CALLER_OUTCOMES },
    buckets: [60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 259_200],
    persisted: true,
    from: { MissedCallerClosed: ({ caller, at }) => seconds(waitedMs(caller, at), { outcome: outcomeOf(caller) }) },
  }),
  missedCallsWithoutNumber: counter({
    name: 'asterisk_missed_calls_without_number_total',
    stability: 'stable',
    help: 'Missed inbound calls without a number: nobody can call back.',
    labels: {},
    persisted: true,
    from: { UnknownCallerMissed: () => [{ labels: {}, value: 1 }] },
  }),
  missedCallersDisplaced: counter({
    name: 'asterisk_exporter_missed_callers_displaced_total',
    stability: 'experimental',
    help: 'Missed callers who expired early, because more of them waited than the program keeps.',
    labels: {},
    persisted: false,
    from: { MissedCallerClosed: ({ displaced }) => (displaced ? [{ labels: {}, value: 1 }] : []) },
  }),
} satisfies MetricFamily

function outcomeOf({ state }: MissedCaller): MissedCallerOutcome {
  return state === 'waiting' ? 'expired' : state
}
