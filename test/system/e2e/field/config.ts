// Asterisk's configuration for the flows: what each brings, gathered by file, and their phones.
//
// The files of lab/etc/ include these if they exist.

import { phoneSections } from '../lab/asterisk.ts'
import { type Flow, namesOf, type Part, phonesOf } from './flow.ts'

/** The files, by name. */
export function configOf(flows: readonly Flow[]): Record<string, string> {
  const parts = flows.map((flow, number) => flow.config?.(namesOf(number)) ?? {})
  const all = (part: Part): string => parts.map((one) => one[part] ?? '').join('\n')
  return {
    'extensions_flows.conf': `${all('extensions')}\n${all('contexts')}`,
    'queues_flows.conf': all('queues'),
    'agents_flows.conf': all('agents'),
    'followme_flows.conf': all('followme'),
    'res_parking_flows.conf': all('res_parking'),
    'pjsip_flows.conf': `${flows.flatMap((_, number) => phonesOf(number).map(phoneSections)).join('\n')}\n${all('pjsip')}`,
  }
}

/** What the dialplan reads as the number that was called. */
export const CALLED = '$' + '{EXTEN}'

/** Lines of the dialplan for one extension: its steps, one after the other. */
export function extension(number: string, ...steps: readonly string[]): string {
  const [first = 'NoOp()', ...more] = steps
  return [`exten => ${number},1,${first}`, ...more.map((step) => ` same => n,${step}`), ' same => n,Hangup()', ''].join(
    '\n',
  )
}

/** A queue of these members, which rings all of them; `settings` in the words of queues.conf. */
export function queue(name: string, members: readonly string[], ...settings: readonly string[]): string {
  return [`[${name}](plain)`, ...settings, ...members.map((member) => `member => ${member}`), ''].join('\n')
}
