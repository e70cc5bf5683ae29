// Many queues with members, so that the program has more to ask than its budget allows: each is due every five seconds.
//
// The program asks about queues that callers entered. These are in the context `cast`, which `trunk-b` calls into; their members have no
// contact, so that no phone rings.

import { extension, queue } from './field/config.ts'
import type { Outgoing } from './lab/sipp.ts'

const QUEUES = 30
const NUMBERS = Array.from({ length: QUEUES }, (_, n) => String(8700 + n))
const MEMBERS = [1, 2, 3, 4].map((n) => `PJSIP/absent-${n}`)

/** What Asterisk's configuration holds of them beside etc/, by file. */
export const MANY_QUEUES: Readonly<Record<string, string>> = {
  'queues_flows.conf': NUMBERS.map((number) => queue(`many-${number}`, MEMBERS)).join('\n'),
  'extensions_flows.conf': NUMBERS.map((number) => extension(number, 'Answer()', `Queue(many-${number},,,,1)`)).join(
    '\n',
  ),
}

/** A call into each of them; it ends after a second. */
export const CALLS_TO_MANY_QUEUES: readonly Outgoing[] = NUMBERS.map((to) => ({ from: 'trunk-b', to, talk: 0 }))
