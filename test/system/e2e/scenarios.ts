// The plain calls of the end-to-end test: who calls whom, what the phones do, and what must be written down of it.
//
// `cdr` is what Asterisk's own record must say: it proves that the scenario happened as it was meant. `log` is what the
// exporter must conclude. Times in ms; they are short, but long enough that an error of 0.1 s would show.

import type { CalledPort, Callee, Outgoing } from './lab/sipp.ts'

/** What one row of `calls` must hold; what is left out is not asked for. */
export interface ExpectedRow {
  readonly direction: 'inbound' | 'outbound' | 'internal' | 'transit'
  readonly disposition: string
  readonly missed: 0 | 1
  readonly caller?: string
  readonly hangup_by?: 'caller' | 'callee'
  readonly answered_by?: readonly string[]
}

export interface Scenario {
  readonly name: string
  readonly phones: readonly (readonly [CalledPort, Callee])[]
  readonly call: Outgoing
  /** The caller cancels after `call.talk` ms of ringing. */
  readonly givesUp?: true
  /** Asterisk answers by itself before it dials, so that its billsec counts the announcement too. */
  readonly announcement?: true
  /** A disposition among the caller's CDR rows; null: Asterisk refuses before it makes a channel, and writes nothing. */
  readonly cdr: 'ANSWERED' | 'NO ANSWER' | 'BUSY' | 'FAILED' | 'CONGESTION' | null
  readonly log: ExpectedRow | null
}

const RINGS: Callee = { does: 'rings' }
const ANSWERS: Callee = { does: 'answers', ring: 500, talk: 0 }
const HANGS_UP: Callee = { does: 'answers', ring: 500, talk: 1300 }
const LATE: Callee = { does: 'answers', ring: 1100, talk: 0 }
const ANSWERED = { disposition: 'answered', missed: 0 } as const

function refuses(status: string, ring = 0): Callee {
  return { does: 'refuses', status, ring }
}

function internal(to: string, talk = 1500): Outgoing {
  return { from: '101', to, talk }
}

function inbound(to: string, talk = 1500): Outgoing {
  return { from: 'trunk-a', to, talk }
}

function missed(disposition: string): ExpectedRow {
  return { direction: 'internal', disposition, missed: 1 }
}

const INSIDE: readonly Scenario[] = [
  {
    name: 'answered, the caller hangs up',
    phones: [['phone102', ANSWERS]],
    call: internal('102'),
    cdr: 'ANSWERED',
    log: { direction: 'internal', ...ANSWERED, caller: '101', hangup_by: 'caller', answered_by: ['102'] },
  },
  {
    name: 'answered, the callee hangs up',
    phones: [['phone102', HANGS_UP]],
    call: internal('102', 0),
    cdr: 'ANSWERED',
    log: { direction: 'internal', ...ANSWERED, hangup_by: 'callee', answered_by: ['102'] },
  },
  {
    name: 'no answer',
    phones: [['phone104', RINGS]],
    call: internal('104'),
    cdr: 'NO ANSWER',
    log: missed('no_answer'),
  },
  {
    name: 'the caller gives up',
    phones: [['phone102', RINGS]],
    call: internal('102', 900),
    givesUp: true,
    cdr: 'NO ANSWER',
    log: { ...missed('cancelled'), hangup_by: 'caller' },
  },
  {
    name: 'busy',
    phones: [['phone102', refuses('486 Busy Here', 300)]],
    call: internal('102'),
    cdr: 'BUSY',
    log: missed('busy'),
  },
  {
    name: 'declined',
    phones: [['phone102', refuses('603 Decline', 600)]],
    call: internal('102'),
    cdr: 'NO ANSWER',
    log: missed('rejected'),
  },
  {
    name: 'the phone says 404',
    phones: [['phone102', refuses('404 Not Found')]],
    call: internal('102'),
    cdr: 'NO ANSWER',
    log: { direction: 'internal', disposition: 'invalid_number', missed: 0 },
  },
  {
    name: 'the phone says 503',
    phones: [['phone102', refuses('503 Service Unavailable')]],
    call: internal('102'),
    cdr: 'CONGESTION',
    log: missed('congestion'),
  },
  { name: 'not registered', phones: [], call: internal('105'), cdr: 'FAILED', log: missed('unreachable') },
  { name: 'no sign of life', phones: [], call: internal('106'), cdr: 'NO ANSWER', log: missed('unreachable') },
  {
    name: 'the dialplan refuses',
    phones: [],
    call: internal('650'),
    cdr: 'CONGESTION',
    log: { direction: 'internal', disposition: 'congestion', missed: 0 },
  },
  { name: 'no such extension', phones: [], call: internal('999'), cdr: null, log: null },
  {
    name: 'three phones ring, one answers',
    phones: [
      ['phone102', RINGS],
      ['phone103', RINGS],
      ['phone104', LATE],
    ],
    call: internal('600'),
    cdr: 'ANSWERED',
    log: { direction: 'internal', ...ANSWERED, answered_by: ['104'] },
  },
  {
    name: 'three phones ring, nobody answers',
    phones: [
      ['phone102', RINGS],
      ['phone103', RINGS],
      ['phone104', RINGS],
    ],
    call: internal('600'),
    cdr: 'NO ANSWER',
    log: missed('no_answer'),
  },
  {
    name: 'the first phone does not answer, the second does',
    phones: [
      ['phone103', RINGS],
      ['phone102', ANSWERS],
    ],
    call: internal('601'),
    cdr: 'ANSWERED',
    log: { direction: 'internal', ...ANSWERED, answered_by: ['102'] },
  },
  {
    name: 'forwarded by the phone',
    phones: [
      ['phone102', { does: 'refuses', status: '302 Moved Temporarily', ring: 0, contact: 'sip:103@127.0.0.1' }],
      ['phone103', ANSWERS],
    ],
    call: internal('102'),
    cdr: 'ANSWERED',
    log: { direction: 'internal', ...ANSWERED, answered_by: ['103'] },
  },
  {
    name: 'through a Local channel that goes away',
    phones: [['phone102', ANSWERS]],
    call: internal('602'),
    cdr: 'ANSWERED',
    log: { direction: 'internal', ...ANSWERED, answered_by: ['102'] },
  },
  {
    name: 'through a Local channel that stays',
    phones: [['phone102', ANSWERS]],
    call: internal('603'),
    cdr: 'ANSWERED',
    log: { direction: 'internal', ...ANSWERED, answered_by: ['102'] },
  },
]

const TRUNKS: readonly Scenario[] = [
  {
    name: 'inbound, announcement only',
    phones: [],
    call: inbound('5550100', 0),
    announcement: true,
    cdr: 'ANSWERED',
    log: { direction: 'inbound', disposition: 'self_service', missed: 0 },
  },
  {
    name: 'inbound, announcement, then a phone',
    phones: [['phone102', HANGS_UP]],
    call: inbound('5550101', 0),
    announcement: true,
    cdr: 'ANSWERED',
    log: { direction: 'inbound', ...ANSWERED, hangup_by: 'callee', answered_by: ['102'] },
  },
  {
    name: 'inbound answered',
    phones: [['phone102', LATE]],
    call: inbound('5550202'),
    cdr: 'ANSWERED',
    log: { direction: 'inbound', ...ANSWERED, caller: '0401112223', hangup_by: 'caller', answered_by: ['102'] },
  },
  {
    name: 'inbound missed',
    phones: [['phone103', RINGS]],
    call: inbound('5550203'),
    cdr: 'NO ANSWER',
    log: { direction: 'inbound', disposition: 'no_answer', missed: 1 },
  },
  {
    name: 'inbound given up',
    phones: [['phone103', RINGS]],
    call: inbound('5550203', 800),
    givesUp: true,
    cdr: 'NO ANSWER',
    log: { direction: 'inbound', disposition: 'cancelled', missed: 1, hangup_by: 'caller' },
  },
  {
    name: 'outbound answered',
    phones: [['trunkA', ANSWERS]],
    call: internal('00401234567'),
    cdr: 'ANSWERED',
    log: { direction: 'outbound', ...ANSWERED, answered_by: ['trunk-a'] },
  },
  {
    name: 'outbound busy',
    phones: [['trunkA', refuses('486 Busy Here', 300)]],
    call: internal('00401234567'),
    cdr: 'BUSY',
    log: { direction: 'outbound', disposition: 'busy', missed: 0 },
  },
  {
    name: 'from trunk to trunk',
    phones: [['trunkA', ANSWERS]],
    call: inbound('5550300'),
    cdr: 'ANSWERED',
    log: { direction: 'transit', ...ANSWERED, answered_by: ['trunk-a'] },
  },
  {
    name: 'handed to an application, handed back, answered',
    phones: [['phone102', ANSWERS]],
    call: { from: 'trunk-cc', to: '5550200', talk: 1500 },
    cdr: 'ANSWERED',
    log: { direction: 'inbound', ...ANSWERED, caller: '0401112223', hangup_by: 'caller', answered_by: ['102'] },
  },
]

/** Every plain scenario, in the order to play them. */
export const SCENARIOS: readonly Scenario[] = [...INSIDE, ...TRUNKS]
