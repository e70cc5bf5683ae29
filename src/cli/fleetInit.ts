// The command `fleet --init`: reads the settings of the central call log and makes or migrates its tables.

import { initCentral } from '../central/init.ts'
import { type ReadFile, readFileSetting } from '../config.ts'
import { type Environment, SETTINGS } from '../settings/settings.ts'

export type InitResult =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] }

/** `since`: the first day that gets a partition; null: today. */
export async function initFleet(
  environment: Environment,
  { since, readFile }: { readonly since: string | null; readonly readFile: ReadFile },
): Promise<InitResult> {
  const { callLogSink, callLogSinkPassword } = SETTINGS.shipping
  const url = readFileSetting(environment, callLogSink, readFile)
  const password = readFileSetting(environment, callLogSinkPassword, readFile)
  if (!url.ok || !password.ok) {
    return { ok: false, problems: [url, password].flatMap((result) => (result.ok ? [] : [result.problem])) }
  }
  if (url.value === null) {
    const example = 'postgres://calls_owner@db.example.org/calls?sslmode=verify-full'
    return {
      ok: false,
      problems: [
        `${callLogSink.name} is not set: give the address of the database, with the user who owns it, such as ${example}`,
      ],
    }
  }
  try {
    return { ok: true, lines: await initCentral({ url: url.value, password: password.value }, since) }
  } catch (error) {
    if (error instanceof Error && error.name === 'CentralProblem') {
      return { ok: false, problems: [error.message] }
    }
    throw error
  }
}
