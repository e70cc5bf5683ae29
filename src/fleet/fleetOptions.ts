// What a fleet runs with: its configuration, and the content of the web configuration file that it names.

import { type FleetConfig, type ReadFile, readFleetConfig } from '../config.ts'
import type { WebConfig } from '../http/webconfig/webConfig.ts'
import { readWebSetting } from '../http/webconfig/webSetting.ts'
import type { Environment } from '../settings/settings.ts'

export interface FleetOptions extends FleetConfig {
  readonly web: WebConfig
}

export type FleetOptionsResult =
  | { readonly ok: true; readonly options: FleetOptions }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reads both and returns the problems of both. */
export function readFleetOptions(environment: Environment, readFile: ReadFile): FleetOptionsResult {
  const result = readFleetConfig(environment, readFile)
  const web = readWebSetting(environment, readFile)
  if (result.ok && web.ok) {
    return { ok: true, options: Object.freeze({ ...result.config, web: web.web }) }
  }
  return {
    ok: false,
    problems: [...(result.ok ? [] : result.problems), ...(web.ok ? [] : web.problems)],
  }
}
