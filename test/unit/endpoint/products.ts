// Endpoints as FreePBX, IssabelPBX and MikoPBX write them into pjsip.conf, with the right roles; and a few that people write by hand.
//
// The same text configures a real Asterisk in test/system/e2e/roles.test.ts. Nothing answers at the addresses of carriers here.

import type { Certainty, Role } from '../../../src/endpoint/judge.ts'

export interface Product {
  readonly name: string
  /** Sections of pjsip.conf. */
  readonly pjsip: string
  readonly roles: Readonly<Record<string, readonly [Role | null, Certainty]>>
}

const sections = (...all: readonly (readonly [name: string, settings: string])[]): string =>
  all.map(([name, settings]) => `[${name}]\n${settings.trim().replaceAll(/\s*;\s*/g, '\n')}\n`).join('\n')

function freePbxPhone(name: string, number: string, more = ''): readonly (readonly [string, string])[] {
  return [
    [
      name,
      `type=endpoint; aors=${name}; auth=${name}-auth; tos_audio=ef; cos_audio=5; allow=ulaw,alaw; context=from-internal;
       callerid=Anna Bell <${number}>; dtmf_mode=rfc4733; direct_media=no; aggregate_mwi=yes; use_avpf=no; trust_id_inbound=yes;
       user_eq_phone=no; send_connected_line=yes; media_encryption=no; timers=yes; send_pai=yes; rtp_symmetric=yes;
       rewrite_contact=yes; force_rport=yes; language=en; one_touch_recording=on; ${more}`,
    ],
    [`${name}-auth`, `type=auth; auth_type=userpass; password=lab; username=${name}`],
    [name, 'type=aor; max_contacts=1; remove_existing=yes; maximum_expiration=7200; qualify_frequency=0'],
  ]
}

function freePbxTrunk(name: string, endpoint: string, aor: string): readonly (readonly [string, string])[] {
  return [
    [
      name,
      `type=endpoint; context=from-pstn; disallow=all; allow=ulaw,alaw; aors=${name}; send_connected_line=no; rtp_keepalive=0;
       language=en; t38_udptl=no; trust_id_inbound=no; user_eq_phone=no; direct_media=no; rtp_symmetric=yes; dtmf_mode=auto;
       ${endpoint}`,
    ],
    [name, `type=aor; qualify_frequency=0; ${aor}`],
  ]
}

const FREEPBX: Product = {
  name: 'FreePBX',
  pjsip: sections(
    ...freePbxPhone('101', '101', 'mailboxes=101@default'),
    ...freePbxPhone('anna', '102'),
    ...freePbxPhone(
      'web104',
      '104',
      'media_encryption=dtls; use_avpf=yes; ice_support=yes; rtcp_mux=yes; bundle=yes; webrtc=yes; dtls_auto_generate_cert=yes',
    ),
    // Registers with the carrier.
    ...freePbxTrunk('74951234567', 'outbound_auth=74951234567', 'contact=sip:74951234567@127.0.0.11:5060'),
    ['74951234567', 'type=auth; auth_type=userpass; password=lab; username=74951234567'],
    [
      '74951234567',
      `type=registration; outbound_auth=74951234567; retry_interval=60; max_retries=1; expiration=3600; line=yes;
       endpoint=74951234567; server_uri=sip:127.0.0.11:5060; client_uri=sip:74951234567@127.0.0.11:5060`,
    ],
    ['74951234567', 'type=identify; endpoint=74951234567; match=127.0.0.11'],
    // Known by its address alone.
    ...freePbxTrunk('carrier', '', 'contact=sip:127.0.0.12:5060'),
    ['carrier', 'type=identify; endpoint=carrier; match=127.0.0.12'],
    // Authentication "both": each side logs in with the same account.
    ...freePbxTrunk('branch', 'outbound_auth=branch; auth=branch', 'contact=sip:branch@127.0.0.13:5060'),
    ['branch', 'type=auth; auth_type=userpass; password=lab; username=branch'],
    ['branch', 'type=identify; endpoint=branch; match=127.0.0.13'],
    // "Allow anonymous inbound SIP calls".
    ['anonymous', 'type=endpoint; context=from-sip-external; allow=ulaw,alaw; rtp_symmetric=yes; direct_media=no'],
  ),
  roles: {
    '101': ['phone', 'sure'],
    anna: ['phone', 'sure'],
    web104: ['phone', 'sure'],
    '74951234567': ['trunk', 'sure'],
    carrier: ['trunk', 'sure'],
    branch: ['trunk', 'sure'],
    anonymous: ['trunk', 'sure'],
  },
}

const ISSABEL: Product = {
  name: 'IssabelPBX',
  pjsip: sections(
    [
      '201',
      `type=endpoint; aors=201; auth=auth201; context=from-internal; disallow=all; allow=ulaw,alaw; callerid=device <201>;
       dtmf_mode=rfc4733; direct_media=no; rtp_symmetric=yes; force_rport=yes; rewrite_contact=yes; mailboxes=201@device`,
    ],
    ['auth201', 'type=auth; auth_type=userpass; password=lab; username=201'],
    ['201', 'type=aor; max_contacts=1; remove_existing=yes; qualify_frequency=0'],
    [
      'boris',
      `type=endpoint; aors=boris; auth=authboris; context=from-internal; disallow=all; allow=ulaw,alaw; dtmf_mode=rfc4733;
       direct_media=no; rtp_symmetric=yes; force_rport=yes; rewrite_contact=yes`,
    ],
    ['authboris', 'type=auth; auth_type=userpass; password=lab; username=boris'],
    ['boris', 'type=aor; max_contacts=1; remove_existing=yes; qualify_frequency=0'],
    [
      '88005550100',
      `type=endpoint; context=from-trunk; disallow=all; allow=ulaw,alaw; aors=88005550100; outbound_auth=88005550100;
       from_user=88005550100; from_domain=carrier.example; direct_media=no; rtp_symmetric=yes`,
    ],
    ['88005550100', 'type=aor; contact=sip:127.0.0.21:5060; qualify_frequency=0'],
    ['88005550100', 'type=auth; auth_type=userpass; password=lab; username=88005550100'],
    [
      '88005550100',
      `type=registration; outbound_auth=88005550100; max_retries=1; server_uri=sip:127.0.0.21;
       client_uri=sip:88005550100@127.0.0.21`,
    ],
    [
      'gateway',
      'type=endpoint; context=from-trunk; disallow=all; allow=ulaw,alaw; aors=gateway; direct_media=no; identify_by=ip',
    ],
    ['gateway', 'type=aor; contact=sip:127.0.0.22:5060; qualify_frequency=0'],
    ['gateway-identify', 'type=identify; endpoint=gateway; match=127.0.0.22'],
  ),
  roles: {
    '201': ['phone', 'sure'],
    boris: ['phone', 'sure'],
    '88005550100': ['trunk', 'sure'],
    gateway: ['trunk', 'sure'],
  },
}

// Phones of MikoPBX have an account for outbound calls too: the same as for inbound ones.
const mikoPhone = (name: string): readonly (readonly [string, string])[] => [
  [name, `type=auth; username=${name}; password=lab`],
  [name, 'type=aor; qualify_frequency=0; qualify_timeout=5; max_contacts=5'],
  [
    name,
    `type=endpoint; context=all_peers; dtmf_mode=rfc4733; disallow=all; allow=alaw,ulaw; rtp_symmetric=yes; force_rport=yes;
     rewrite_contact=yes; ice_support=no; direct_media=no; callerid=${name} <${name}>; send_pai=yes; call_group=1; pickup_group=1;
     sdp_session=mikopbx; language=ru-ru; mailboxes=admin@voicemailcontext; device_state_busy_at=1; aors=${name}; auth=${name};
     outbound_auth=${name}; timers=no`,
  ],
]

const mikoProvider = (name: string, endpoint: string, contact: string): readonly (readonly [string, string])[] => [
  [name, `type=aor; max_contacts=1; contact=${contact}; maximum_expiration=3600; minimum_expiration=60`],
  [name, `type=identify; endpoint=${name}; match=127.0.0.31`],
  [
    name,
    `type=endpoint; 100rel=no; context=${name}-incoming; dtmf_mode=rfc4733; disallow=all; allow=alaw,ulaw; rtp_symmetric=yes;
     force_rport=yes; rewrite_contact=yes; ice_support=no; direct_media=no; sdp_session=mikopbx; language=ru-ru; aors=${name};
     timers=no; ${endpoint}`,
  ],
]

const MIKOPBX: Product = {
  name: 'MikoPBX',
  pjsip: sections(
    ...mikoPhone('301'),
    ...mikoPhone('302'),
    ...mikoPhone('vera'),
    ['REG-AUTH-SIP-1611151795', 'type=auth; username=4951112233; password=lab'],
    [
      'REG-SIP-1611151795',
      `type=registration; outbound_auth=REG-AUTH-SIP-1611151795; contact_user=4951112233; max_retries=1;
       server_uri=sip:127.0.0.31:5060; client_uri=sip:4951112233@127.0.0.31:5060`,
    ],
    ['SIP-1611151795-OUT', 'type=auth; username=4951112233; password=lab'],
    ...mikoProvider(
      'SIP-1611151795',
      'outbound_auth=SIP-1611151795-OUT; from_user=4951112233; from_domain=127.0.0.31',
      'sip:4951112233@127.0.0.31:5060',
    ),
    // "Receive calls without authorization".
    ...mikoProvider('SIP-1686000000', 'from_domain=127.0.0.31', 'sip:127.0.0.31:5060').map(
      ([name, text]) => [name, text.replace('match=127.0.0.31', 'match=127.0.0.32')] as const,
    ),
  ),
  roles: {
    '301': ['phone', 'sure'],
    '302': ['phone', 'sure'],
    vera: ['phone', 'sure'],
    'SIP-1611151795': ['trunk', 'sure'],
    'SIP-1686000000': ['trunk', 'sure'],
  },
}

/** Beside the phones of FreePBX. */
const BY_HAND: Product = {
  name: 'by hand',
  pjsip: sections(
    // A door phone that does not register.
    ['door', 'type=endpoint; context=from-internal; disallow=all; allow=ulaw; aors=door; direct_media=no'],
    ['door', 'type=aor; contact=sip:door@127.0.0.41:5060; qualify_frequency=0'],
    // The same, but recognised by its address.
    ['gate', 'type=endpoint; context=from-internal; disallow=all; allow=ulaw; aors=gate; direct_media=no'],
    ['gate', 'type=aor; contact=sip:127.0.0.42:5060; qualify_frequency=0'],
    ['gate', 'type=identify; endpoint=gate; match=127.0.0.42'],
    // A phone that does not register.
    [
      'desk',
      'type=endpoint; context=from-internal; disallow=all; allow=ulaw; aors=desk; callerid=Desk <105>; mailboxes=105@default',
    ],
    ['desk', 'type=aor; contact=sip:105@127.0.0.43:5060; qualify_frequency=0'],
  ),
  roles: { door: ['phone', 'doubtful'], gate: ['trunk', 'doubtful'], desk: ['phone', 'sure'] },
}

export const PRODUCTS: readonly Product[] = [FREEPBX, ISSABEL, MIKOPBX, BY_HAND]
