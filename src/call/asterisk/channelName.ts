// What a channel's name contains: `TECH/resource-sequence`, `Local/exten@context-sequence;1`.
//
// Names repeat after a restart of the PBX, so a name is no identity; a Local pair is looked up by its shared name only among the
// channels that exist now. Source: Asterisk's channel drivers; every name in test/traces.

/**
 * `party`: a phone or a trunk. `local`: one half of a Local pair, which connects two places of the dialplan.
 * `internal`: conference announcers, recorders, snoops, media taps: channels that Asterisk makes for itself, and no legs.
 */
export type ChannelKind = 'party' | 'local' | 'internal'

export interface ChannelName {
  readonly kind: ChannelKind
  readonly technology: string
  /** The configured endpoint (`102`, `trunk-a`); for a Local half what was dialed (`102@internal`). */
  readonly endpoint: string
  /** The name both halves of a Local pair share; null for any other channel. */
  readonly pair: string | null
}

const INTERNAL_TECHNOLOGIES: ReadonlySet<string> = new Set([
  'Announcer',
  'AsyncGoto',
  'AudioSocket',
  'Bridge',
  'BridgeNULL',
  'CBAnn',
  'CBRec',
  'ConfBridgeRecorder',
  'ExternalMedia',
  'Media',
  'Message',
  'MulticastRTP',
  'NULL',
  'Recorder',
  'Snoop',
  'Surrogate',
  'UnicastRTP',
  'WebSocket',
])

/** Technologies whose channel is named after the configured endpoint, whatever characters that has (`220@example.net`). */
const NAMED_AFTER_ENDPOINT: ReadonlySet<string> = new Set(['MGCP', 'PJSIP', 'SIP'])

/** Never fails: a name without a slash is a party whose endpoint is the whole name. */
export function parseChannelName(name: string): ChannelName {
  const slash = name.indexOf('/')
  const technology = slash < 0 ? '' : name.slice(0, slash)
  if (technology === 'Local') {
    const pair = name.replace(/;[12]$/, '')
    return { kind: 'local', technology, endpoint: withoutSequence(pair.slice(slash + 1)), pair }
  }
  const resource = withoutSequence(name.slice(slash + 1))
  const endpoint = NAMED_AFTER_ENDPOINT.has(technology) ? resource : target(technology, resource).endpoint
  return { kind: INTERNAL_TECHNOLOGIES.has(technology) ? 'internal' : 'party', technology, endpoint, pair: null }
}

/** One target that the arguments of `Dial` name. */
export interface DialedTarget {
  readonly endpoint: string
  /** The target as the technology writes it: `0401234567@trunk-a`. */
  readonly dialed: string
}

/**
 * The endpoints that the arguments of `Dial` name: `PJSIP/105&PJSIP/0401234567@trunk-a,5,tT` gives 105 and trunk-a.
 * Local targets are left out, because they lead to other targets; so are internal channels, which are no phones.
 */
export function dialedEndpoints(dialArguments: string): readonly DialedTarget[] {
  return dialTargets(dialArguments).flatMap((written) => {
    const slash = written.indexOf('/')
    const technology = written.slice(0, Math.max(0, slash))
    const dialed = written.slice(slash + 1)
    if (technology === '' || technology === 'Local' || INTERNAL_TECHNOLOGIES.has(technology) || dialed === '') {
      return []
    }
    return [{ endpoint: target(technology, dialed).endpoint, dialed }]
  })
}

/** The targets of `Dial`'s arguments, as written: `PJSIP/105&PJSIP/106,5` gives `PJSIP/105` and `PJSIP/106`. */
export function dialTargets(dialArguments: string): readonly string[] {
  return (dialArguments.split(',')[0] ?? '').split('&')
}

/**
 * The channels that `Dial`'s arguments can make, as `TECH/endpoint`. Which part of a target is the endpoint depends on the
 * technology, and an endpoint can contain at signs.
 */
export function dialedNames(dialArguments: string): readonly string[] {
  const names = new Set<string>()
  for (const written of dialTargets(dialArguments)) {
    const slash = written.indexOf('/')
    const [technology, dialed] = [written.slice(0, Math.max(0, slash)), written.slice(slash + 1)]
    const before = dialed.split('/')[0] ?? ''
    const named = [dialed, before, before.slice(before.indexOf('@') + 1), target(technology, dialed).endpoint]
    for (const endpoint of named) {
      names.add(`${technology}/${endpoint}`)
    }
  }
  return [...names]
}

/** Whether `Dial`'s arguments name no target at all, as `Dial(${PJSIP_DIAL_CONTACTS(101)})` does for a phone that is off. */
export function namesNoTarget(dialArguments: string): boolean {
  return dialTargets(dialArguments).every((written) => written.trim() === '')
}

/** The number in a dial string: `0401234567@trunk-a` gives 0401234567, `101` gives 101; the endpoint if there is no number. */
export function dialedNumber(technology: string, dialed: string): string {
  const { number, endpoint } = target(technology, dialed)
  return number === '' ? endpoint : number
}

// Most technologies write `number@endpoint` or `endpoint/number`. PJSIP's `endpoint/sip:user@host` has an at sign of its own,
// IAX2's `user:secret@peer/number@context` two.
function target(technology: string, resource: string): { readonly endpoint: string; readonly number: string } {
  if (technology === 'MGCP') {
    return { endpoint: resource, number: '' }
  }
  const slash = resource.indexOf('/')
  if (slash < 0) {
    return { endpoint: afterAt(resource), number: resource.slice(0, Math.max(0, resource.lastIndexOf('@'))) }
  }
  const before = resource.slice(0, slash)
  const number = resource.slice(slash + 1).replace(/^sips?:/, '')
  return { endpoint: technology === 'PJSIP' ? before : afterAt(before), number: number.split('@')[0] ?? number }
}

function afterAt(text: string): string {
  return text.slice(text.lastIndexOf('@') + 1)
}

function withoutSequence(resource: string): string {
  const dash = resource.lastIndexOf('-')
  return dash > 0 && /^[0-9a-f]+$/i.test(resource.slice(dash + 1)) ? resource.slice(0, dash) : resource
}
