// The content of the web configuration file that WEB_CONFIG_FILE names, beside the configuration; what holds without one.
//
// The configuration knows no format of another folder; here they meet.

import { type ConfigResult, type ReadFile, readSetting } from '../../config.ts'
import { type Environment, SETTINGS } from '../../settings/settings.ts'
import { OPEN_WEB, readWebConfig, type WebConfig } from './webConfig.ts'

/** What a program runs with, or every problem. */
export type OptionsResult<Config> =
  | { readonly ok: true; readonly options: Config & { readonly web: WebConfig } }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reads the file that goes with a configuration, and returns the problems of both. */
export function withWeb<Config extends object>(
  result: ConfigResult<Config>,
  environment: Environment,
  readFile: ReadFile,
): OptionsResult<Config> {
  const web = readWebSetting(environment, readFile)
  return result.ok && web.ok
    ? { ok: true, options: Object.freeze({ ...result.config, web: web.web }) }
    : { ok: false, problems: [...(result.ok ? [] : result.problems), ...(web.ok ? [] : web.problems)] }
}

/** Each problem names the setting and the file. */
function readWebSetting(environment: Environment, readFile: ReadFile): ReturnType<typeof readWebConfig> {
  const setting = SETTINGS.http.webConfigFile
  const path = readSetting(environment, setting)
  if (path === null) {
    return { ok: true, web: OPEN_WEB }
  }
  const result = readWebConfig(path, readFile)
  return result.ok
    ? result
    : { ok: false, problems: result.problems.map((problem) => `${setting.name} "${path}", ${problem}`) }
}
