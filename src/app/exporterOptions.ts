// What the exporter runs with: the configuration, and the content of the web configuration file that it names.

import { type Config, type ReadFile, readConfig } from '../config.ts'
import type { WebConfig } from '../http/webconfig/webConfig.ts'
import { type OptionsResult, withWeb } from '../http/webconfig/webSetting.ts'
import type { Environment } from '../settings/settings.ts'
import { countryProblems } from './callbackOptions.ts'

export interface ExporterOptions extends Config {
  readonly web: WebConfig
}

/** Reads both and returns the problems of both, and of what they need of each other. */
export function readOptions(environment: Environment, readFile: ReadFile): OptionsResult<Config> {
  const result = withWeb(readConfig(environment, readFile), environment, readFile)
  const problems = [...(result.ok ? controlProblems(result.options) : result.problems), ...countryProblems(environment)]
  return result.ok && problems.length === 0 ? result : { ok: false, problems }
}

/** Whoever can reach the page could make calls. A certificate of the client is not enough: it names nobody in the record of actions. */
function controlProblems({ control, http, web }: ExporterOptions): readonly string[] {
  return control.isOn && web.users.size === 0 && http.token === null
    ? ['CONTROL needs a password or token: set users in WEB_CONFIG_FILE or HTTP_BEARER_TOKEN_FILE, or CONTROL=false']
    : []
}
