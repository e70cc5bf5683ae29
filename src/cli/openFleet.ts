// Opens the central call log and starts the program in fleet mode on it.

import { openCentralLog } from '../fleet/centralLog.ts'
import { type Fleet, type FleetDependencies, startFleet } from '../fleet/fleet.ts'
import type { FleetOptions } from '../fleet/fleetOptions.ts'
import type { Logging } from '../log.ts'
import { trustedCertificates } from '../process/certificates.ts'

/** Rejects with the errors of `startFleet`. */
export async function openFleet(
  options: FleetOptions,
  { logging: { log, output }, build }: { readonly logging: Logging; readonly build: FleetDependencies['build'] },
): Promise<Fleet> {
  const central = openCentralLog(options.shipping, log)
  const deps = { log, build, linesDropped: output.dropped, central, trusted: trustedCertificates }
  return await startFleet(options, deps)
}
