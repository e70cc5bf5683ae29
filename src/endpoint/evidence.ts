// What the PBX can be asked about the configuration of an endpoint, and what it answers: the evidence of its role.
//
// Only chan_pjsip tells. Nothing here is a secret: accounts and passwords are never asked for, and addresses are not kept.
// Source: Asterisk's sorcery objects `endpoint`, `aor`, `identify` and `registration` of res_pjsip; answers of Asterisk 22.10 and 16.28.

/** `identify` and `registration`: the objects that have the endpoint's own name; nothing lists all of them. */
export type EndpointQuestion =
  | { readonly about: 'endpoint'; readonly endpoint: string }
  | { readonly about: 'aor'; readonly endpoint: string; readonly aor: string }
  | { readonly about: 'identify'; readonly endpoint: string }
  | { readonly about: 'registration'; readonly endpoint: string }

/** Null, except for an endpoint: the PBX has no such object. */
export type EndpointAnswer =
  | { readonly about: 'endpoint'; readonly settings: EndpointSettings }
  | { readonly about: 'aor'; readonly address: Address | null }
  | { readonly about: 'identify' | 'registration'; readonly exists: boolean }

/** Why there is no answer. */
export type EndpointFailure = 'gone' | 'refused' | 'no_answer'

/** An account for calls to the other side: none, the one that the other side uses too, or another. */
export const ACCOUNTS = ['none', 'shared', 'own'] as const

/** What the object `endpoint` says. */
export interface EndpointSettings {
  /** Where its calls enter the dialplan. */
  readonly context: string
  /** Names of its addresses (AORs). */
  readonly aors: readonly string[]
  /** Whether the PBX asks it for a password. */
  readonly asksPassword: boolean
  /** With which account the PBX logs in at the other side. */
  readonly outboundAccount: (typeof ACCOUNTS)[number]
  /** It is recognised by its address or by a header, never by its name. */
  readonly byAddressOnly: boolean
  /** The number of its caller id; null if it has none. */
  readonly callerNumber: string | null
  /** It shows a user or a domain of its own in the From header. */
  readonly hasSender: boolean
  readonly hasMailbox: boolean
  readonly isWebRtc: boolean
  /** It belongs to a call or pickup group. */
  readonly hasGroup: boolean
  /** It is busy from a certain number of calls on. */
  readonly hasBusyLimit: boolean
}

/** What the object `aor` says. */
export interface Address {
  readonly maxContacts: number
  /** Where it is called without a registration: with a user (`sip:101@10.0.0.5`) or without one; null if nowhere. */
  readonly fixedContact: 'user' | 'bare' | null
  readonly hasMailbox: boolean
}

/** What is known of one endpoint. */
export interface Evidence {
  readonly settings: EndpointSettings
  /** Of its first AOR; null if it has none. */
  readonly address: Address | null
  readonly isIdentified: boolean
  readonly registersOut: boolean
}

/** What a first answer tells. */
export function firstEvidence(settings: EndpointSettings): Evidence {
  return { settings, address: null, isIdentified: false, registersOut: false }
}

/** The same with what another answer tells. */
export function withAnswer(evidence: Evidence, answer: Exclude<EndpointAnswer, { about: 'endpoint' }>): Evidence {
  switch (answer.about) {
    case 'aor':
      return { ...evidence, address: answer.address }
    case 'identify':
      return { ...evidence, isIdentified: answer.exists }
    case 'registration':
      return { ...evidence, registersOut: answer.exists }
  }
}
