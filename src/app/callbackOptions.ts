// What the settings of missed callers mean: a country that has phone numbers, and the keys of numbers.
//
// The configuration knows no other folder, and the folder of missed callers no settings and no cryptography; here they meet.

import { createHmac } from 'node:crypto'
import type { MissedCaller } from '../callback/missedCaller.ts'
import { createMissedCallers, type MissedCallers } from '../callback/missedCallers.ts'
import { type Config, readSetting, settingProblem, valueProblem } from '../config.ts'
import { isCountry, isNumber, type KeyOfNumber, numberMatcher, remembering } from '../numbers/phoneNumber.ts'
import { type Environment, SETTINGS } from '../settings/settings.ts'
import { COUNTRY_WANTED } from '../settings/shapes.ts'

/** How many callers may wait. */
export const MOST_WAITING = 100_000

/** Numbers whose keys are remembered: some hundred KB. */
const MOST_REMEMBERED = 2_000

/** Enough that two numbers never have the same key, in a column of every missed caller. */
const KEY_LENGTH = 22

/** The problem of a country that has the form of one, and does not exist. */
export function countryProblems(environment: Environment): readonly string[] {
  const { country } = SETTINGS.callback
  if (settingProblem(environment, country) !== null) {
    return []
  }
  const code = readSetting(environment, country)
  return code === null || isCountry(code) ? [] : [valueProblem(country, code, COUNTRY_WANTED)]
}

/** Keys that show the number: its E.164 form, or its last digits. */
export function plainKeys(country: string | null): KeyOfNumber {
  return remembering(numberMatcher(country), MOST_REMEMBERED)
}

/** Keys that say nothing about the number to somebody who does not have the secret. */
export function secretKeys(country: string | null, secret: string): KeyOfNumber {
  const match = numberMatcher(country)
  return remembering((number) => {
    const same = match(number)
    return same === null ? null : createHmac('sha256', secret).update(same).digest('base64url').slice(0, KEY_LENGTH)
  }, MOST_REMEMBERED)
}

/** What an earlier run left that the keys depend on. */
export interface EarlierKeys {
  readonly numberSecret: string
  readonly waiting: readonly Pick<MissedCaller, 'number'>[]
}

/**
 * The missed callers of these settings, and the keys that they use. Keys are secret where numbers are masked, and as long as somebody waits
 * whose number was masked by an earlier run: only the key tells who that is.
 */
export function missedCallersOf(
  { country, windowMs, maskNumbers }: Config['callback'] & Pick<Config['calls'], 'maskNumbers'>,
  { numberSecret, waiting }: EarlierKeys,
): { readonly keyOf: KeyOfNumber; readonly missedCallers: MissedCallers } {
  const isSecret = maskNumbers || waiting.some(({ number }) => !isNumber(number))
  const keyOf = isSecret ? secretKeys(country, numberSecret) : plainKeys(country)
  return { keyOf, missedCallers: createMissedCallers({ keyOf, windowMs, limit: MOST_WAITING }) }
}
