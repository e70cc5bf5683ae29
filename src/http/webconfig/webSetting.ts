// The content of the web configuration file that WEB_CONFIG_FILE names; what holds without one.

import { type ReadFile, readSetting } from '../../config.ts'
import { type Environment, SETTINGS } from '../../settings/settings.ts'
import { OPEN_WEB, readWebConfig, type WebConfig } from './webConfig.ts'

/** Each problem names the setting and the file. */
export function readWebSetting(
  environment: Environment,
  readFile: ReadFile,
): { readonly ok: true; readonly web: WebConfig } | { readonly ok: false; readonly problems: readonly string[] } {
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
