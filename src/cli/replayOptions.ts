// The settings that `replay` reads: what numbers and endpoints mean.

import { countryProblems } from '../app/callbackOptions.ts'
import { type ConfigResult, readSettings } from '../config.ts'
import { type Environment, SETTINGS, type ValuesOf } from '../settings/settings.ts'

const { trunks, lines } = SETTINGS.calls

/** They name no files. */
const REPLAY_SETTINGS = { calls: { trunks, lines }, callback: SETTINGS.callback }

/** Or every problem. */
export function readReplayOptions(environment: Environment): ConfigResult<ValuesOf<typeof REPLAY_SETTINGS>> {
  const read = readSettings(REPLAY_SETTINGS, environment, () => '')
  const problems = [...(read.ok ? [] : read.problems), ...countryProblems(environment)]
  return problems.length > 0 ? { ok: false, problems } : read
}
