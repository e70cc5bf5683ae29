// Frames that no PBX should send: broken JSON, wrong types, huge and deep ones, text that could steer a terminal.
//
// None is about a live channel, so the program must ignore each of them.

import type { Random } from '../../../src/pbx-sim/random.ts'

const TYPES = ['ChannelCreated', 'ChannelDestroyed', 'ChannelVarset', 'Dial', 'ChannelEnteredBridge', 'StasisStart']

export const NASTY_TEXTS: readonly string[] = [
  "'; DROP TABLE calls; --",
  '"><script>alert(1)</script>',
  'line\r\nbreak\u0000nul\u001b[2J\u0007',
  '\u202eabc\u2066def\u200f',
  '\ud800 alone \udfff',
  '__proto__',
  '{"level":30}',
]

const VALUES: readonly unknown[] = [null, true, 0, -1, 1e308, '', [], {}, [[]], 'x'.repeat(70_000), ...NASTY_TEXTS]

const MAKERS: readonly ((random: Random) => string)[] = [
  (random) => random.pick(['', '{', '[', 'null', '17', '"text"', '[]', '{"type":', '\u0000', '{"type":"Dial"}}', '{}']),
  (random) => JSON.stringify({ type: random.pick(VALUES) }),
  (random) => JSON.stringify({ type: random.pick(TYPES), timestamp: random.pick(VALUES) }),
  (random) => JSON.stringify({ type: random.pick(TYPES), timestamp: now(), channel: random.pick(VALUES) }),
  (random) => JSON.stringify({ ...frame(random), channel: { ...channel(random), [random.pick(FIELDS)]: 7 } }),
  (random) => JSON.stringify({ ...frame(random), bridge: random.pick(VALUES), cause: random.pick(VALUES) }),
  (random) => JSON.stringify({ type: random.pick(NASTY_TEXTS), timestamp: now(), application: random.pick(VALUES) }),
  (random) => `${'['.repeat(random.whole(10, 50_000))}`,
  (random) => `${'{"a":'.repeat(random.whole(10, 20_000))}1${'}'.repeat(10)}`,
]

const FIELDS = ['id', 'name', 'state', 'caller', 'connected', 'dialplan', 'creationtime']

/** Longer than any that is looked into, and short enough to wait in the PBX's buffer without being called slow. */
export const HUGE_FRAME = `{"type":"Dial","dialstatus":"${'y'.repeat(4_400_000)}"}`

/** One of them; its time is now, for that is the one thing that Asterisk itself writes. */
export function hostileFrame(random: Random): string {
  return random.pick(MAKERS)(random)
}

function now(): string {
  return new Date().toISOString().replace('Z', '+0000')
}

function frame(random: Random): object {
  return {
    type: random.pick(['ChannelDestroyed', 'ChannelVarset', 'ChannelStateChange', 'ChannelHangupRequest']),
    timestamp: now(),
    variable: 'DIALSTATUS',
    value: random.pick(VALUES),
    cause: 16,
    cause_txt: random.pick(NASTY_TEXTS),
    channel: channel(random),
  }
}

function channel(random: Random): object {
  const text = random.pick(NASTY_TEXTS)
  return {
    id: `nobody-${random.whole(1, 9)}`,
    name: `PJSIP/${text}-00000001`,
    state: 'Up',
    caller: { name: text, number: text },
    connected: { name: text, number: text },
    accountcode: text,
    dialplan: { context: text, exten: text, priority: 1, app_name: text, app_data: text },
    creationtime: now(),
  }
}
