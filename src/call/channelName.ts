// What a channel's name tells: `TECH/resource-sequence`, `Local/exten@context-sequence;1`.
//
// Names repeat after a restart of the PBX, so nothing here is an identity; a Local pair is looked up by its shared
// name only among channels that live now. Source: Asterisk's channel drivers; every name in test/traces.

/**
 * `party`: a phone or a trunk. `local`: one half of a Local pair, a corridor between two places of the dialplan.
 * `plumbing`: conference announcers, recorders, snoops, media taps: machinery that is nobody's leg.
 */
export type ChannelKind = 'party' | 'local' | 'plumbing'

export interface ChannelName {
  readonly kind: ChannelKind
  readonly technology: string
  /** The configured endpoint (`102`, `trunk-a`); for a Local half what was dialed (`102@internal`). */
  readonly endpoint: string
  /** The name both halves of a Local pair share; null for any other channel. */
  readonly pair: string | null
}

const PLUMBING: ReadonlySet<string> = new Set([
  'Announcer',
  'AsyncGoto',
  'AudioSocket',
  'Bridge',
  'CBAnn',
  'CBRec',
  'ConfBridgeRecorder',
  'Message',
  'MulticastRTP',
  'Recorder',
  'Snoop',
  'Surrogate',
  'UnicastRTP',
  'WebSocket',
])

/** Never fails: a name without a slash is a party whose endpoint is the whole name. */
export function parseChannelName(name: string): ChannelName {
  const slash = name.indexOf('/')
  const technology = slash < 0 ? '' : name.slice(0, slash)
  if (technology === 'Local') {
    const pair = name.replace(/;[12]$/, '')
    return { kind: 'local', technology, endpoint: withoutSequence(pair.slice(slash + 1)), pair }
  }
  const endpoint = endpointOf(withoutSequence(name.slice(slash + 1)))
  return { kind: PLUMBING.has(technology) ? 'plumbing' : 'party', technology, endpoint, pair: null }
}

/**
 * The endpoints that the arguments of `Dial` name: `PJSIP/105&PJSIP/0401234567@trunk-a,5,tT` gives 105 and trunk-a.
 * Local targets are left out: they are corridors, not targets.
 */
export function dialedEndpoints(
  dialArguments: string,
): readonly { readonly endpoint: string; readonly dialed: string }[] {
  return dialTargets(dialArguments).flatMap((target) => {
    const slash = target.indexOf('/')
    if (slash < 0 || target.startsWith('Local/')) return []
    const dialed = target.slice(slash + 1)
    return dialed === '' ? [] : [{ endpoint: endpointOf(dialed), dialed }]
  })
}

/** The targets of `Dial`'s arguments, as written: `PJSIP/105&PJSIP/106,5` gives `PJSIP/105` and `PJSIP/106`. */
export function dialTargets(dialArguments: string): readonly string[] {
  return (dialArguments.split(',')[0] ?? '').split('&')
}

// `number@endpoint` (PJSIP, SIP), `endpoint/number` (IAX2, DAHDI, PJSIP with a URI): the endpoint is what is configured.
function endpointOf(resource: string): string {
  const at = resource.lastIndexOf('@')
  const host = at < 0 ? resource : resource.slice(at + 1)
  return host.split('/')[0] ?? host
}

function withoutSequence(resource: string): string {
  const dash = resource.lastIndexOf('-')
  return dash > 0 && /^[0-9a-f]+$/i.test(resource.slice(dash + 1)) ? resource.slice(0, dash) : resource
}
