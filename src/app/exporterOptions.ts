// What the exporter runs with: the configuration, and the content of the web configuration file that it names.
//
// The configuration knows no format of another folder; here they meet.

import { type Config, type ReadFile, readConfig } from '../config.ts'
import type { WebConfig } from '../http/webconfig/webConfig.ts'
import { readWebSetting } from '../http/webconfig/webSetting.ts'
import type { Environment } from '../settings/settings.ts'
import { countryProblems } from './callbackOptions.ts'

export interface ExporterOptions extends Config {
  readonly web: WebConfig
}

export type OptionsResult =
  | { readonly ok: true; readonly options: ExporterOptions }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reads both and returns the problems of both. */
export function readOptions(environment: Environment, readFile: ReadFile): OptionsResult {
  const result = readConfig(environment, readFile)
  const countries = countryProblems(environment)
  const web = readWebSetting(environment, readFile)
  const control = result.ok && web.ok ? controlProblems(result.config, web.web) : []
  if (result.ok && web.ok && countries.length === 0 && control.length === 0) {
    return { ok: true, options: Object.freeze({ ...result.config, web: web.web }) }
  }
  return {
    ok: false,
    problems: [...(result.ok ? [] : result.problems), ...countries, ...(web.ok ? [] : web.problems), ...control],
  }
}

/** Whoever can reach the page could make calls. A certificate of the client is not enough: it names nobody in the record of actions. */
function controlProblems({ control, http }: Pick<Config, 'control' | 'http'>, { users }: WebConfig): readonly string[] {
  return control.isOn && users.size === 0 && http.token === null
    ? ['CONTROL needs a password or token: set users in WEB_CONFIG_FILE or HTTP_BEARER_TOKEN_FILE, or CONTROL=false']
    : []
}
