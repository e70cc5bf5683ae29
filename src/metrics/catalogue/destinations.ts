// Catalogue of metrics, lines and destinations: which lines are called from outside, and where calls go on trunks.
//
// A call is counted when it ends, an emergency call when its number is dialed. Only outbound and transit calls have a destination.
// Source of the definitions: src/call/event.ts, src/numbers/README.md.

import { DESTINATION_CLASSES } from '../../call/event.ts'
import { DISPOSITIONS } from '../../call/fact.ts'
import { counter, type MetricFamily } from './entry.ts'
import { wholeCall } from './facts.ts'
import { YES_NO } from './labelValues.ts'

/** Lines, and what is dialed on trunks. */
export const DESTINATION_METRICS = {
  lineCalls: counter({
    name: 'asterisk_line_calls_total',
    stability: 'experimental',
    help: 'Ended calls from outside to this line, a name in LINES, by how they ended; calls to other numbers are not counted.',
    labels: { line: 'external', disposition: DISPOSITIONS },
    persisted: true,
    from: wholeCall(({ line, disposition }) =>
      line === null ? [] : [{ labels: { line, disposition: disposition ?? 'unknown' }, value: 1 }],
    ),
  }),
  outboundCalls: counter({
    name: 'asterisk_outbound_calls_total',
    stability: 'experimental',
    help: 'Ended calls that left by a trunk, by what kind of number was dialed; country is that of an international call, else empty.',
    labels: { class: DESTINATION_CLASSES, country: 'open or empty', answered: YES_NO },
    exists: isPossible,
    persisted: true,
    from: wholeCall(({ destination, disposition }) =>
      destination === null
        ? []
        : [{ labels: { ...destination, answered: yesNo(disposition === 'answered') }, value: 1 }],
    ),
  }),
  outboundTalk: counter({
    name: 'asterisk_outbound_talk_seconds_total',
    stability: 'experimental',
    help: 'Seconds from the answer to the end of the conversation of calls that left by a trunk, by what kind of number was dialed.',
    labels: { class: DESTINATION_CLASSES, country: 'open or empty' },
    exists: isPossible,
    persisted: true,
    from: wholeCall(({ destination, disposition, durationMs }) =>
      destination === null || disposition !== 'answered'
        ? []
        : [{ labels: { ...destination }, value: durationMs / 1000 }],
    ),
  }),
  emergencyCalls: counter({
    name: 'asterisk_emergency_calls_total',
    stability: 'experimental',
    help: 'Attempts on a trunk to call an emergency number, counted when the number is dialed.',
    labels: {},
    persisted: true,
    from: {
      NumberDialed: ({ leg: { destination } }) =>
        destination?.class === 'emergency' ? [{ labels: {}, value: 1 }] : [],
    },
  }),
} satisfies MetricFamily

function yesNo(is: boolean): (typeof YES_NO)[number] {
  return is ? 'yes' : 'no'
}

// Only calls abroad have a country.
function isPossible(labels: Readonly<Record<string, string>>): boolean {
  return labels['country'] === '' || labels['class'] === 'international'
}
