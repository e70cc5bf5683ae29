// The central call log, as a fleet uses it: asks it, and keeps its partitions if the fleet's role owns the tables.

import { type CentralCheck, checkCentral, keepCentralPartitions } from '../central/check.ts'
import type { CentralAddress } from '../central/connection.ts'
import { openCentralQueries } from '../central/reader/client.ts'
import type { Logger } from '../log.ts'
import type { FleetQueries } from '../query/fleetQuery.ts'

export interface CentralLog {
  readonly queries: FleetQueries
  /** Rejects, with what to do in the message, while it cannot be read. */
  check(): Promise<CentralCheck>
  /** Makes the partitions that are missing, if the fleet's role owns the tables. Rejects like `check`. */
  keepPartitions(): Promise<void>
  close(): Promise<void>
}

/** The settings that say where it is. */
export interface CentralSettings {
  readonly callLogSink: string
  readonly callLogSinkPassword: string | null
}

/** Connects with the first question. */
export function openCentralLog(settings: CentralSettings, log: Logger): CentralLog {
  const address = addressOf(settings)
  const { close, ...queries } = openCentralQueries({ address }, { log })
  return {
    queries,
    check: () => checkCentral(address),
    keepPartitions: () => keepCentralPartitions(address),
    close,
  }
}

function addressOf({ callLogSink, callLogSinkPassword }: CentralSettings): CentralAddress {
  return { url: callLogSink, password: callLogSinkPassword }
}
