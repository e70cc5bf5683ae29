// The environment -> one frozen Config, of an exporter or of a fleet, or every problem at once, each with what to do about it.
//
// Reads nothing itself: the environment and the reading of files are passed in. Secrets are in the Config and in nothing that is
// printed. What settings there are: settings/settings.ts.

import type { z } from 'zod'
import {
  type Environment,
  SETTINGS,
  type Setting,
  type SettingGroups,
  type SettingValues,
  type ValuesOf,
} from './settings/settings.ts'

const { callLogSink, callLogSinkPassword } = SETTINGS.shipping

/** The settings that a fleet reads: of those about sinks, where the central call log is. */
export const FLEET_SETTINGS = {
  shipping: { callLogSink, callLogSinkPassword },
  fleet: SETTINGS.fleet,
  http: SETTINGS.http,
  links: SETTINGS.links,
  log: SETTINGS.log,
  process: SETTINGS.process,
}

/** Those that an exporter reads: all but what only a fleet needs. */
const { fleet: _, ...EXPORTER_SETTINGS } = SETTINGS

type FleetValues = ValuesOf<typeof FLEET_SETTINGS>

/** The values of the settings of an exporter; the content of files, where a setting names one. */
export interface Config extends Omit<SettingValues, 'ari' | 'fleet'> {
  /** `password` comes from ARI_PASSWORD or from the file. */
  readonly ari: Omit<SettingValues['ari'], 'passwordInFile'>
}

/** Those of a fleet. */
export interface FleetConfig extends Omit<FleetValues, 'shipping'> {
  readonly shipping: FleetValues['shipping'] & { readonly callLogSink: string }
}

/** Returns the text of a file, or throws; the error is not shown. */
export type ReadFile = (path: string) => string

export type ConfigResult<C = Config> =
  | { readonly ok: true; readonly config: C }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Reads the settings of an exporter and the files that they name. */
export function readConfig(environment: Environment, readFile: ReadFile): ConfigResult {
  const read = readSettings(EXPORTER_SETTINGS, environment, readFile)
  const problems = [...(read.ok ? [] : read.problems), ...passwordProblems(environment)]
  if (!read.ok || problems.length > 0) {
    return { ok: false, problems }
  }
  const { passwordInFile, ...ari } = read.config.ari
  const password = passwordInFile ?? ari.password
  return { ok: true, config: Object.freeze({ ...read.config, ari: Object.freeze({ ...ari, password }) }) }
}

/** Reads the settings of a fleet and the files that they name. */
export function readFleetConfig(environment: Environment, readFile: ReadFile): ConfigResult<FleetConfig> {
  const read = readSettings(FLEET_SETTINGS, environment, readFile)
  const sink = read.ok ? read.config.shipping.callLogSink : null
  if (read.ok && sink !== null) {
    const { config } = read
    return { ok: true, config: Object.freeze({ ...config, shipping: { ...config.shipping, callLogSink: sink } }) }
  }
  const missing = `${callLogSink.name} is not set: give the address of the central call log, such as postgres://calls_reader@db.example.org/calls?sslmode=verify-full`
  return {
    ok: false,
    problems: [
      ...(read.ok ? [] : read.problems),
      ...(givenText(environment, callLogSink) === undefined ? [missing] : []),
    ],
  }
}

/** Reads some settings and the files that they name. */
export function readSettings<Groups extends SettingGroups>(
  groups: Groups,
  environment: Environment,
  readFile: ReadFile,
): ConfigResult<ValuesOf<Groups>> {
  const problems: string[] = []
  const config = settingValues(groups, (setting) => {
    const result = readValue(setting, environment, readFile)
    if (!result.ok) {
      problems.push(result.problem)
      return null
    }
    return result.value
  })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config }
}

/** The value of one setting, for what needs no other. Throws if it is wrong. */
export function readSetting<Shape extends z.ZodType<unknown, string>>(
  environment: Environment,
  setting: Setting & { readonly shape: Shape },
): z.output<Shape> {
  return setting.shape.parse(givenText(environment, setting) ?? setting.default ?? '')
}

/** What is wrong with a setting that names no file; null if nothing is. */
export function settingProblem(environment: Environment, setting: Setting): string | null {
  const text = givenText(environment, setting) ?? setting.default ?? ''
  const result = parsed(setting, text, (wanted) => valueProblem(setting, text, wanted))
  return result.ok ? null : result.problem
}

/** One line for each of these settings with its value; secrets are shown as `(set)`. */
export function describeConfig(environment: Environment, groups: SettingGroups = EXPORTER_SETTINGS): readonly string[] {
  const settings = Object.values(groups).flatMap((group) => Object.values(group))
  return settings.map((setting) => {
    const given = givenText(environment, setting)
    if (given !== undefined) {
      return `${setting.name}=${isSecretText(setting) ? '(set)' : withoutCredentials(given)}`
    }
    return `${setting.name}=${setting.default === undefined ? '(not set)' : `${setting.default} (default)`}`
  })
}

function settingValues<Groups extends SettingGroups>(
  groups: Groups,
  read: (setting: Setting) => unknown,
): ValuesOf<Groups>
function settingValues(groups: SettingGroups, read: (setting: Setting) => unknown): object {
  const found = Object.entries(groups).map(([group, settings]) => {
    const values = Object.entries(settings).map(([key, setting]) => [key, read(setting)])
    return [group, Object.freeze(Object.fromEntries(values))]
  })
  return Object.fromEntries(found)
}

type ValueResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string }

function readValue(setting: Setting, environment: Environment, readFile: ReadFile): ValueResult {
  const given = givenText(environment, setting)
  if (!setting.isFile) {
    const text = given ?? setting.default ?? ''
    return parsed(setting, text, (wanted) => valueProblem(setting, text, wanted))
  }
  if (given === undefined) {
    return { ok: true, value: null }
  }
  let content: string
  try {
    content = readFile(given)
  } catch {
    // The path of a secret is not repeated: the secret itself may have been given in place of its file.
    const file = setting.isSecret ? 'a file that' : `"${given}", which`
    return { ok: false, problem: `${setting.name} names ${file} cannot be read: check the path and the permissions` }
  }
  return parsed(setting, content, (complaint) => `${setting.name} names "${given}", ${complaint}`)
}

function parsed({ shape }: Setting, text: string, problem: (message: string) => string): ValueResult {
  const { success, data, error } = shape.safeParse(text)
  if (success) {
    return { ok: true, value: data }
  }
  const [issue] = error.issues
  const message = issue?.code === 'invalid_value' ? `one of: ${issue.values.join(', ')}` : (issue?.message ?? '')
  return { ok: false, problem: problem(message) }
}

/** The problem of a setting with this text; `wanted`: what to give instead. */
export function valueProblem({ name, isSecret }: Setting, text: string, wanted: string): string {
  if (text === '') {
    return `${name} is not set: give ${wanted}`
  }
  return `${name} is ${isSecret ? 'wrong' : `"${withoutCredentials(text)}"`}: give ${wanted}`
}

function passwordProblems(environment: Environment): readonly string[] {
  const { password, passwordInFile } = SETTINGS.ari
  const given = [password, passwordInFile].filter((setting) => givenText(environment, setting) !== undefined)
  if (given.length === 2) {
    return [`${password.name} and ${passwordInFile.name} are both set: keep one of them`]
  }
  if (given.length === 0) {
    return [
      `${password.name} is not set: give the password of the ARI user, here or in a file named by ${passwordInFile.name}`,
    ]
  }
  return []
}

// Empty counts as not set: that is what an empty line in a .env file means. Spaces may belong to a password.
function givenText(environment: Environment, setting: Setting): string | undefined {
  const text = environment[setting.name] ?? ''
  const trimmed = text.trim()
  if (trimmed === '') {
    return undefined
  }
  return isSecretText(setting) ? text : trimmed
}

function isSecretText(setting: Setting): boolean {
  return setting.isSecret === true && setting.isFile !== true
}

// A password may have been put into an address.
function withoutCredentials(text: string): string {
  return text
    .replace(/^(postgres(?:ql)?:\/\/).*@/, '$1(hidden)@')
    .replace(/\/\/[^/@]*@/g, '//(hidden)@')
    .replace(/([?&][^=&]*password[^=&]*=)[^&]*/gi, '$1(hidden)')
}
