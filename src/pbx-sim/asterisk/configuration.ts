// How the endpoints of the simulated PBX are configured, as ARI tells it: lists of attributes.
//
// Phones register with a password, as FreePBX writes them. `trunk-a` registers with its carrier, the other trunks are known by their
// address. Of Asterisk's attributes, those that tell endpoints apart are here, and some others. Source: answers of Asterisk 22.10.

import type { SimEndpoint } from './channel.ts'
import type { World } from './world.ts'

type Attributes = Readonly<Record<string, string>>

export interface Attribute {
  readonly attribute: string
  readonly value: string
}

/** The trunk that asks for a password. */
const REGISTERED = 'trunk-a'

/** The attributes of an object of res_pjsip; null if there is no such type, undefined if there is no such object. */
export function configurationOf(world: World, type: string, id: string): readonly Attribute[] | null | undefined {
  const attributesOf = ATTRIBUTES[type]
  if (attributesOf === undefined) {
    return null
  }
  const endpoint = world.endpoints.get(id)
  const attributes = endpoint === undefined ? undefined : attributesOf(endpoint)
  return attributes && Object.entries(attributes).map(([attribute, value]) => ({ attribute, value }))
}

const ATTRIBUTES: Readonly<Record<string, (endpoint: SimEndpoint) => Attributes | undefined>> = {
  endpoint: ({ resource, role, displayName, accountCode, context }) => ({
    ...ENDPOINT_DEFAULTS,
    context,
    accountcode: accountCode,
    aors: resource,
    ...(role === 'phone'
      ? {
          auth: `${resource}-auth`,
          callerid: `"${displayName}" <${resource}>`,
          mailboxes: `${resource}@default`,
          device_state_busy_at: '2',
          send_connected_line: 'yes',
        }
      : { outbound_auth: resource === REGISTERED ? resource : '' }),
  }),
  aor: ({ resource, role }) => ({
    ...AOR_DEFAULTS,
    ...(role === 'phone'
      ? { max_contacts: '2', mailboxes: `${resource}@default` }
      : { contact: `sip:${resource}.example:5060`, qualify_frequency: '60' }),
  }),
  identify: ({ resource, role }) =>
    role === 'phone'
      ? undefined
      : { match: '192.0.2.1/255.255.255.255', srv_lookups: 'true', endpoint: resource, match_header: '' },
  registration: ({ resource }) =>
    resource === REGISTERED
      ? {
          server_uri: `sip:${resource}.example`,
          client_uri: `sip:office@${resource}.example`,
          outbound_auth: resource,
          endpoint: resource,
          line: 'true',
          expiration: '3600',
        }
      : undefined,
}

const ENDPOINT_DEFAULTS: Attributes = {
  '100rel': 'yes',
  acl: '',
  allow: '(ulaw|alaw)',
  allow_transfer: 'true',
  aors: '',
  auth: '',
  call_group: '',
  callerid: '<unknown>',
  context: 'default',
  device_state_busy_at: '0',
  direct_media: 'false',
  dtmf_mode: 'rfc4733',
  from_domain: '',
  from_user: '',
  identify_by: 'username,ip',
  language: '',
  mailboxes: '',
  named_call_group: '',
  named_pickup_group: '',
  outbound_auth: '',
  outbound_proxy: '',
  pickup_group: '',
  rtp_symmetric: 'true',
  send_connected_line: 'no',
  set_var: '',
  transport: '',
  trust_id_inbound: 'true',
  use_avpf: 'false',
  voicemail_extension: '',
  webrtc: 'no',
}

const AOR_DEFAULTS: Attributes = {
  contact: '',
  default_expiration: '3600',
  mailboxes: '',
  max_contacts: '0',
  maximum_expiration: '7200',
  minimum_expiration: '60',
  qualify_frequency: '0',
  remove_existing: 'true',
  support_path: 'false',
}
