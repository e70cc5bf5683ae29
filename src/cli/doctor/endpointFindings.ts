// What follows from the endpoints of Asterisk: which are trunks and phones, why, and what is doubtful or wrong about it.

import { globToRegExp } from '../../call/outcome/direction.ts'
import type { Config } from '../../config.ts'
import { reasonText } from '../../endpoint/judge.ts'
import type { EndpointWithRole } from '../../query/endpointFields.ts'
import { type Finding, note, ok, warning } from './finding.ts'

const ENDPOINTS = 'endpoints'
const TRUNK = 'trunk'
const PHONES = 'phones'
const TRUNKS = 'TRUNKS'

/** So many endpoints of a kind are named, and how many more there are. */
const MOST_NAMED = 12

const DECIDE = 'set TRUNKS to the names of all trunks to decide it'

/** `endpoints` null: Asterisk does not tell. */
export function endpointFindings(
  endpoints: readonly EndpointWithRole[] | null,
  { trunks: globs, trunkChannels }: Pick<Config['calls'], 'trunks' | 'trunkChannels'>,
): readonly Finding[] {
  if (endpoints === null) {
    return [warning(ENDPOINTS, 'Asterisk does not tell its endpoints', 'check the rights of ARI_USER in ari.conf')]
  }
  if (endpoints.length === 0) {
    return [note(ENDPOINTS, 'Asterisk has none', 'configure phones and trunks, in pjsip.conf for example')]
  }
  const trunks = endpoints.filter(({ role }) => role === 'trunk')
  const phones = endpoints.filter(({ role }) => role === 'phone')
  return [
    ok(ENDPOINTS, `${endpoints.length}: ${countsBy(endpoints)}`),
    ...trunks.slice(0, MOST_NAMED).map(trunkFinding),
    ...(trunks.length > MOST_NAMED ? [ok(TRUNK, `and ${trunks.length - MOST_NAMED} more`)] : []),
    ...(trunks.length === 0 ? [noTrunk(globs)] : []),
    ok(PHONES, phones.length === 0 ? 'none' : `${phones.length}: ${named(phones)}`),
    ...doubts(endpoints),
    ...namesThatAreNumbers(trunks),
    ...globs
      .filter((glob) => !endpoints.some(({ endpoint }) => globToRegExp(glob).test(endpoint)))
      .map((glob) => warning(TRUNKS, `${glob} fits no endpoint of Asterisk`, 'correct or remove it in TRUNKS')),
    ...trunkChannels
      .filter(({ trunk }) => !trunks.some(({ endpoint }) => endpoint === trunk))
      .map(({ trunk }) =>
        warning('TRUNK_CHANNELS', `${trunk} is no trunk`, 'correct its name, or name it in TRUNKS too'),
      ),
  ]
}

function countsBy(endpoints: readonly EndpointWithRole[]): string {
  const technologies = [...new Set(endpoints.map(({ technology }) => technology))].map(
    (name) => `${endpoints.filter(({ technology }) => technology === name).length} ${name}`,
  )
  const states = (['online', 'offline', 'unknown'] as const).map(
    (name) => `${endpoints.filter(({ state }) => state === name).length} ${name}`,
  )
  return `${technologies.join(', ')}; ${states.join(', ')}`
}

function trunkFinding({ endpoint, technology, state, ...why }: EndpointWithRole): Finding {
  const text = `${technology}/${endpoint}, ${state}: ${whyText(why)}`
  return state === 'offline'
    ? warning(TRUNK, text, 'check its registration and address in Asterisk: no call can use it while it is offline')
    : ok(TRUNK, text)
}

function whyText({ decidedBy, reasons }: Pick<EndpointWithRole, 'decidedBy' | 'reasons'>): string {
  switch (decidedBy) {
    case 'setting':
      return 'TRUNKS says so'
    case 'name':
      return 'its name is not only digits'
    case 'configuration':
      return reasons.map(reasonText).join('; ')
  }
}

function noTrunk(globs: readonly string[]): Finding {
  return warning(
    TRUNK,
    'no endpoint is a trunk: every call is counted as internal',
    globs.length > 0 ? 'correct TRUNKS' : 'set TRUNKS to the names of all trunks, if there are any',
  )
}

function doubts(endpoints: readonly EndpointWithRole[]): readonly Finding[] {
  const doubtful = endpoints.filter(
    ({ decidedBy, certainty }) => decidedBy === 'configuration' && certainty === 'doubtful',
  )
  const byName = endpoints.filter(({ decidedBy }) => decidedBy === 'name')
  return [
    ...doubtful
      .slice(0, MOST_NAMED)
      .map(({ endpoint, role, reasons }) =>
        warning(
          role === 'trunk' ? TRUNK : PHONES,
          `${endpoint} counts as a ${role}, but it is doubtful: ${reasons.map(reasonText).join('; ')}`,
          DECIDE,
        ),
      ),
    ...(doubtful.length > MOST_NAMED
      ? [warning(ENDPOINTS, `${doubtful.length - MOST_NAMED} more are doubtful`, DECIDE)]
      : []),
    ...(byName.length > 0
      ? [
          warning(
            ENDPOINTS,
            `of ${byName.length}, only the name tells whether it is a phone (only digits) or a trunk: ${named(byName)}`,
            DECIDE,
          ),
        ]
      : []),
  ]
}

// Wherever its configuration is not known, it would be taken for a phone.
function namesThatAreNumbers(trunks: readonly EndpointWithRole[]): readonly Finding[] {
  const numbers = trunks.filter(({ endpoint, decidedBy }) => decidedBy !== 'setting' && /^\d+$/.test(endpoint))
  return numbers.length === 0
    ? []
    : [
        note(
          TRUNK,
          `the name is only digits: ${named(numbers)}; \`replay\` would count it as a phone`,
          'set TRUNKS for `replay`',
        ),
      ]
}

function named(endpoints: readonly EndpointWithRole[]): string {
  const names = endpoints.slice(0, MOST_NAMED).map(({ endpoint }) => endpoint)
  const rest = endpoints.length - names.length
  return `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
