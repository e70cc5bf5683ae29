// The command `fleet --init`: reads the settings of the central call log and makes or migrates its tables.

import { initCentral } from '../central/init.ts'
import { FLEET_SETTINGS, type ReadFile, readSettings } from '../config.ts'
import type { Environment } from '../settings/settings.ts'

export type InitResult =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] }

/** `since`: the first day that gets a partition; null: today. */
export async function initFleet(
  environment: Environment,
  { since, readFile }: { readonly since: string | null; readonly readFile: ReadFile },
): Promise<InitResult> {
  const read = readSettings({ shipping: FLEET_SETTINGS.shipping }, environment, readFile)
  if (!read.ok) {
    return read
  }
  const { callLogSink: url, callLogSinkPassword: password } = read.config.shipping
  if (url === null) {
    const example = 'postgres://calls_owner@db.example.org/calls?sslmode=verify-full'
    return {
      ok: false,
      problems: [
        `${FLEET_SETTINGS.shipping.callLogSink.name} is not set: give the address of the database, with the user who owns it, such as ${example}`,
      ],
    }
  }
  try {
    return { ok: true, lines: await initCentral({ url, password }, since) }
  } catch (error) {
    if (error instanceof Error && error.name === 'CentralProblem') {
      return { ok: false, problems: [error.message] }
    }
    throw error
  }
}
