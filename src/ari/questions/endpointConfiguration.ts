// The questions about the configuration of an endpoint, as paths, and their answers.
//
// An answer is a list of attributes; of more than a hundred, a dozen are read. `auth` objects are never asked for: Asterisk shows their
// passwords to a read-only user. Source: GET /asterisk/config/dynamic; answers of Asterisk 22.10 and 16.28 in test/unit/ari/answers.

import type { EndpointAnswer, EndpointQuestion, EndpointSettings } from '../../endpoint/evidence.ts'
import { isObject, type WireAttribute } from '../wire.ts'

/** Type and id of the object of res_pjsip that answers. */
export function configurationObject(
  question: EndpointQuestion,
): readonly [type: EndpointQuestion['about'], id: string] {
  return [question.about, question.about === 'aor' ? question.aor : question.endpoint]
}

/** The answer in the attributes of the object; null if it is none. `list` null: there is no such object. */
export function readConfiguration(question: EndpointQuestion, list: readonly unknown[] | null): EndpointAnswer | null {
  if (list === null) {
    return absent(question)
  }
  const values = attributesOf(list)
  if (values === null) {
    return null
  }
  switch (question.about) {
    case 'endpoint': {
      const settings = settingsOf(values)
      return settings === null ? null : { about: 'endpoint', settings }
    }
    case 'aor': {
      const contact = values.get('contact')
      if (contact === undefined) {
        return null
      }
      const address = {
        maxContacts: Number(values.get('max_contacts')) || 0,
        fixedContact: contact === '' ? null : /^"?<?sips?:[^;?]*@/i.test(contact) ? 'user' : 'bare',
        hasMailbox: isSet(values, 'mailboxes'),
      } as const
      return { about: 'aor', address }
    }
    case 'identify':
    case 'registration': {
      // An identify always names its endpoint, a registration may.
      const of = values.get('endpoint')
      return of === undefined ? null : { about: question.about, exists: of === '' || of === question.endpoint }
    }
  }
}

function absent(question: EndpointQuestion): EndpointAnswer | null {
  switch (question.about) {
    case 'endpoint':
      return null
    case 'aor':
      return { about: 'aor', address: null }
    case 'identify':
    case 'registration':
      return { about: question.about, exists: false }
  }
}

type Attributes = ReadonlyMap<string, string>

// Null: not a list of attributes.
function attributesOf(list: readonly unknown[]): Attributes | null {
  const values = new Map<string, string>()
  for (const item of list) {
    const { attribute, value } = (isObject(item) ? item : {}) as WireAttribute
    if (typeof attribute !== 'string' || typeof value !== 'string') {
      return null
    }
    values.set(attribute, value)
  }
  return values
}

function settingsOf(values: Attributes): EndpointSettings | null {
  const [context, aors, auth, outboundAuth] = ['context', 'aors', 'auth', 'outbound_auth'].map((name) =>
    values.get(name),
  )
  if (context === undefined || aors === undefined || auth === undefined || outboundAuth === undefined) {
    return null
  }
  return {
    context,
    aors: items(aors),
    asksPassword: auth !== '',
    outboundAccount: outboundAuth === '' ? 'none' : outboundAuth === auth ? 'shared' : 'own',
    byAddressOnly: isByAddressOnly(items(values.get('identify_by') ?? '')),
    callerNumber: /<([^<>]+)>\s*$/.exec((values.get('callerid') ?? '').replace(NO_CALLER_ID, ''))?.[1] ?? null,
    hasSender: isSet(values, 'from_user') || isSet(values, 'from_domain'),
    hasMailbox: isSet(values, 'mailboxes'),
    isWebRtc: isYes(values.get('webrtc')) || isYes(values.get('use_avpf')),
    hasGroup: ['call_group', 'pickup_group', 'named_call_group', 'named_pickup_group'].some((name) =>
      isSet(values, name),
    ),
    hasBusyLimit: isSet(values, 'device_state_busy_at'),
  }
}

/** How Asterisk writes that there is none. */
const NO_CALLER_ID = '<unknown>'

function isByAddressOnly(ways: readonly string[]): boolean {
  return ways.length > 0 && ways.every((way) => way === 'ip' || way === 'header' || way === 'request_uri')
}

function items(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function isSet(values: Attributes, name: string): boolean {
  const value = values.get(name) ?? ''
  return value !== '' && value !== '0'
}

function isYes(value: string | undefined): boolean {
  return value === 'yes' || value === 'true'
}
