// The settings of what can be done to the PBX over HTTP: nothing, unless CONTROL is on.

import { z } from 'zod'
import { flag } from './shapes.ts'

/** As control/dialable.ts names them: a test compares the two. */
export const NUMBER_KINDS = [
  'internal',
  'emergency',
  'national',
  'mobile',
  'international',
  'premium',
  'satellite',
  'special',
  'unknown',
] as const

const WANTED = `kinds of numbers, separated by commas: ${NUMBER_KINDS.join(' ')}`

export const CONTROL = {
  isOn: {
    name: 'CONTROL',
    default: 'false',
    description:
      'whether users of the page and the API may begin and end calls; needs a password (WEB_CONFIG_FILE) or a token (HTTP_BEARER_TOKEN_FILE), and a user in ari.conf that may write',
    shape: flag,
  },
  allowed: {
    name: 'CONTROL_ALLOW',
    default: 'internal,national,mobile',
    description: `which kinds of numbers may be dialed so, separated by commas: ${NUMBER_KINDS.map((kind) => `\`${kind}\``).join(' ')}; \`national\` and \`mobile\` need COUNTRY`,
    shape: z
      .string()
      .transform((text) => text.split(',').map((kind) => kind.trim()))
      .pipe(z.array(z.enum(NUMBER_KINDS, WANTED)))
      .transform((kinds): readonly (typeof NUMBER_KINDS)[number][] => Object.freeze([...new Set(kinds)])),
  },
  context: {
    name: 'CONTROL_CONTEXT',
    description:
      'context of the dialplan in which the number is dialed; if not set, the one in which the phone’s own calls begin, which Asterisk tells of PJSIP phones',
    shape: z
      .string()
      .regex(/^[\w.-]{0,79}$/, 'the name of a context: letters, digits, dots, dashes or underscores')
      .transform((text) => (text === '' ? null : text)),
  },
} as const
