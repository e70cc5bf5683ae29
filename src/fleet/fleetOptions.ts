// What a fleet runs with: its configuration, and the content of the web configuration file that it names.

import { type FleetConfig, type ReadFile, readFleetConfig } from '../config.ts'
import type { WebConfig } from '../http/webconfig/webConfig.ts'
import { type OptionsResult, withWeb } from '../http/webconfig/webSetting.ts'
import type { Environment } from '../settings/settings.ts'

export interface FleetOptions extends FleetConfig {
  readonly web: WebConfig
}

/** Reads both and returns the problems of both. */
export function readFleetOptions(environment: Environment, readFile: ReadFile): OptionsResult<FleetConfig> {
  return withWeb(readFleetConfig(environment, readFile), environment, readFile)
}
