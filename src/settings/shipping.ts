// The settings of the group `shipping`: where this site's ended calls are sent.

import { firstLine, postgresUrl, siteName } from './shapes.ts'

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
} as const
