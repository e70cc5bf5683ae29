// Whether an endpoint is a trunk or a phone: signs in its configuration are added up.
//
// `SIGNS` is the whole table: what counts, for which side, and how much. The context of the dialplan is compared over all endpoints of
// the PBX. The greater sum decides; it is sure if it is greater by 2 and more than twice the other one. If both are equal, the name
// decides. How FreePBX, IssabelPBX and MikoPBX write endpoints is in test/unit/endpoint/products.ts.

import type { Evidence } from './evidence.ts'

export type Role = 'trunk' | 'phone'

export const CERTAINTIES = ['sure', 'doubtful'] as const

export type Certainty = (typeof CERTAINTIES)[number]

export interface Judgement {
  /** Null: what is known is no evidence for either. */
  readonly role: Role | null
  readonly certainty: Certainty
  /** The signs that were seen, those of greatest weight first; also those that speak against the role. */
  readonly reasons: readonly Reason[]
}

interface Sign {
  readonly for: Role
  readonly weight: number
  /** In a sentence about the endpoint. */
  readonly text: string
}

const SIGNS = {
  logs_in: { for: 'trunk', weight: 3, text: 'the PBX logs in there and asks for no password' },
  two_accounts: { for: 'trunk', weight: 2, text: 'each side logs in with an account of its own' },
  registers_out: { for: 'trunk', weight: 2, text: 'the PBX registers there' },
  by_address: { for: 'trunk', weight: 2, text: 'it is recognised by its address, without a password' },
  sender: { for: 'trunk', weight: 2, text: 'calls to it show a user or domain of their own' },
  never_dialed: { for: 'trunk', weight: 2, text: 'it has no address and asks for no password: calls only come in' },
  trunk_context: { for: 'trunk', weight: 3, text: 'its calls enter the dialplan where those of trunks do' },
  own_context: { for: 'trunk', weight: 2, text: 'its calls enter the dialplan where those of no phone do' },
  fixed_contact: { for: 'trunk', weight: 1, text: 'it is called at a fixed address' },
  bare_contact: { for: 'trunk', weight: 1, text: 'that address names no user' },
  identified: { for: 'trunk', weight: 1, text: 'it is also recognised by its address' },
  webrtc: { for: 'phone', weight: 3, text: 'it speaks WebRTC' },
  queue_member: { for: 'phone', weight: 3, text: 'it is a member of a queue' },
  own_number: { for: 'phone', weight: 3, text: 'its caller id is its own name' },
  phone_context: { for: 'phone', weight: 2, text: 'its calls enter the dialplan where those of phones do' },
  registers: { for: 'phone', weight: 2, text: 'it registers with a password' },
  mailbox: { for: 'phone', weight: 2, text: 'it has a mailbox' },
  registers_openly: { for: 'phone', weight: 1, text: 'it registers' },
  caller_id: { for: 'phone', weight: 1, text: 'it has a caller id' },
  group: { for: 'phone', weight: 1, text: 'it belongs to a call or pickup group' },
  busy_limit: { for: 'phone', weight: 1, text: 'it is busy from a certain number of calls on' },
} as const satisfies Readonly<Record<string, Sign>>

export type Reason = keyof typeof SIGNS

export const REASONS = Object.keys(SIGNS) as readonly Reason[]

/** A reason in words. */
export function reasonText(reason: Reason): string {
  return SIGNS[reason].text
}

/** The role that it speaks for. */
export function reasonRole(reason: Reason): Role {
  return SIGNS[reason].for
}

/** By so much the greater sum is greater, if it is sure; and if an endpoint counts when contexts are compared. */
const CLEAR = 2

/** What is known of an endpoint apart from its configuration. */
export interface JudgeOptions {
  readonly isQueueMember: (endpoint: string) => boolean
}

/** The judgement of each endpoint, of which the evidence is given by name. */
export function judgeAll(
  evidence: ReadonlyMap<string, Evidence>,
  { isQueueMember }: JudgeOptions,
): ReadonlyMap<string, Judgement> {
  const own: {
    readonly name: string
    readonly reasons: readonly Reason[]
    readonly role: Role | null
    readonly users: Users
  }[] = []
  const contexts = new Map<string, Users>()
  let phones = 0
  for (const [name, one] of evidence) {
    const reasons = ownReasons(name, one, isQueueMember(name))
    const users = contexts.get(one.settings.context) ?? { trunks: 0, phones: 0 }
    contexts.set(one.settings.context, users)
    const role = clearRole(reasons)
    users.trunks += role === 'trunk' ? 1 : 0
    users.phones += role === 'phone' ? 1 : 0
    phones += role === 'phone' ? 1 : 0
    own.push({ name, reasons, role, users })
  }
  const judged = new Map<string, Judgement>()
  for (const { name, reasons, role, users } of own) {
    const others = contextReason(withoutOne(users, role), phones - (role === 'phone' ? 1 : 0))
    judged.set(name, judgement([...reasons, ...others]))
  }
  return judged
}

/** How much speaks for a trunk; below zero: for a phone. The context, which needs all endpoints, is left out. */
export function ownScore(name: string, evidence: Evidence): number {
  return scoreOf(ownReasons(name, evidence, false))
}

/** Endpoints whose calls enter the dialplan in one context, as far as their other signs are clear. */
interface Users {
  trunks: number
  phones: number
}

function withoutOne({ trunks, phones }: Users, role: Role | null): Users {
  return { trunks: trunks - (role === 'trunk' ? 1 : 0), phones: phones - (role === 'phone' ? 1 : 0) }
}

/** So many times as many phones as trunks make it a context of phones, in which a door phone may look like a trunk; and vice versa. */
const MAJORITY = 3

/** `phones`: all but the endpoint itself. */
function contextReason(others: Users, phones: number): readonly Reason[] {
  if (others.trunks === 0 && others.phones === 0) {
    // Of two phones, each may have a context of its own.
    return phones >= 2 ? ['own_context'] : []
  }
  if (others.trunks >= MAJORITY * others.phones) {
    return ['trunk_context']
  }
  // One alone may be a gateway that registers like a phone.
  return others.phones >= Math.max(2, MAJORITY * others.trunks) ? ['phone_context'] : []
}

function ownReasons(name: string, evidence: Evidence, isQueueMember: boolean): readonly Reason[] {
  const { settings, address, isIdentified, registersOut } = evidence
  const { asksPassword, outboundAccount, callerNumber } = settings
  const isFixed = address !== null && address.fixedContact !== null
  const canRegister = address !== null && address.maxContacts > 0 && !isFixed
  const holds: Readonly<Record<Exclude<Reason, 'trunk_context' | 'own_context' | 'phone_context'>, boolean>> = {
    logs_in: !asksPassword && outboundAccount !== 'none',
    two_accounts: asksPassword && outboundAccount === 'own',
    registers_out: registersOut,
    by_address: !asksPassword && (isIdentified || settings.byAddressOnly),
    sender: settings.hasSender,
    never_dialed: !asksPassword && settings.aors.length === 0,
    fixed_contact: isFixed,
    bare_contact: address?.fixedContact === 'bare',
    identified: asksPassword && (isIdentified || settings.byAddressOnly),
    webrtc: settings.isWebRtc,
    queue_member: isQueueMember,
    own_number: callerNumber === name,
    registers: asksPassword && canRegister,
    registers_openly: !asksPassword && canRegister,
    mailbox: settings.hasMailbox || address?.hasMailbox === true,
    caller_id: callerNumber !== null && callerNumber !== name,
    group: settings.hasGroup,
    busy_limit: settings.hasBusyLimit,
  }
  return REASONS.filter((reason) => reason in holds && holds[reason as keyof typeof holds])
}

function sumFor(role: Role, reasons: readonly Reason[]): number {
  return reasons.reduce((sum, reason) => sum + (SIGNS[reason].for === role ? SIGNS[reason].weight : 0), 0)
}

function scoreOf(reasons: readonly Reason[]): number {
  return sumFor('trunk', reasons) - sumFor('phone', reasons)
}

function clearRole(reasons: readonly Reason[]): Role | null {
  const score = scoreOf(reasons)
  return Math.abs(score) < CLEAR ? null : score > 0 ? 'trunk' : 'phone'
}

function judgement(reasons: readonly Reason[]): Judgement {
  const score = scoreOf(reasons)
  const role = score === 0 ? null : score > 0 ? 'trunk' : 'phone'
  const against = Math.min(sumFor('trunk', reasons), sumFor('phone', reasons))
  const isSure = Math.abs(score) >= CLEAR && Math.abs(score) > against
  return {
    role,
    certainty: isSure ? 'sure' : 'doubtful',
    reasons: reasons.toSorted((one, other) => SIGNS[other].weight - SIGNS[one].weight),
  }
}
