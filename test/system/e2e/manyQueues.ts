// Many queues with members, so that the program has more to ask than it may: each is due every five seconds.
//
// The program asks about queues that callers entered. One call of the context `cast`, which `trunk-b` calls into, enters all of them: none
// of their members has a contact, so that each queue refuses the caller at once.

import { extension, queue } from './field/config.ts'

const NAMES = Array.from({ length: 250 }, (_, n) => `many-${n}`)
const MEMBERS = [1, 2, 3, 4].map((n) => `PJSIP/absent-${n}`)

/** The number that leads through all of them. */
export const THROUGH_MANY_QUEUES = '8700'

/** What Asterisk's configuration holds of them beside etc/, by file. */
export const MANY_QUEUES: Readonly<Record<string, string>> = {
  'queues_flows.conf': NAMES.map((name) => queue(name, MEMBERS, 'joinempty = no')).join('\n'),
  'extensions_flows.conf': extension(THROUGH_MANY_QUEUES, 'Answer()', ...NAMES.map((name) => `Queue(${name},,,,1)`)),
}
