// The settings of the group `shipping`: where this site's ended calls are sent.

import {
  firstLine,
  pemCertificates,
  postgresUrl,
  sharedSecret,
  siteName,
  WEBHOOK_EVENTS,
  webhookEvents,
  webhookUrl,
} from './shapes.ts'

/** The site and its sinks. */
export const SHIPPING = {
  site: {
    name: 'SITE',
    description: 'name of this site among others: one Asterisk with its exporter; if not set, the name of the host',
    shape: siteName,
  },
  callLogSink: {
    name: 'CALL_LOG_SINK',
    description:
      'address of the central call log in PostgreSQL, to which ended calls are sent too, such as `postgres://exporter@db.example.org/calls?sslmode=verify-full`; no password in it',
    shape: postgresUrl,
  },
  callLogSinkPassword: {
    name: 'CALL_LOG_SINK_PASSWORD_FILE',
    description: 'file whose first line is the password for CALL_LOG_SINK',
    shape: firstLine,
    isFile: true,
    isSecret: true,
  },
  webhookUrl: {
    name: 'WEBHOOK_URL',
    description:
      'http or https address to which the end of each call is posted as JSON; without user and password, and never shown, because its path may be a secret',
    shape: webhookUrl,
    isSecret: true,
  },
  webhookSecret: {
    name: 'WEBHOOK_SECRET_FILE',
    description:
      'file with a secret that the receiver has too: what is posted is signed with it; if not set, it is not signed',
    shape: sharedSecret,
    isFile: true,
    isSecret: true,
  },
  webhookCa: {
    name: 'WEBHOOK_CA_FILE',
    description: 'PEM file with the certificate of the receiver, or with its CA’s; needed unless a public CA signed it',
    shape: pemCertificates,
    isFile: true,
  },
  webhookEvents: {
    name: 'WEBHOOK_EVENTS',
    default: 'answered,missed',
    description: `what is posted, separated by commas: ${WEBHOOK_EVENTS.map((event) => `\`${event}\``).join(' ')}; \`ended\` is a call that was neither answered nor missed`,
    shape: webhookEvents,
  },
} as const
