// The central call log, as a fleet uses it: asks it, and keeps its partitions if the fleet's role owns the tables.

import { type CentralCheck, checkCentral } from '../central/check.ts'
import type { CentralAddress } from '../central/connection.ts'
import { openCentralQueries } from '../central/reader/client.ts'
import type { Logger } from '../log.ts'
import type { FleetQueries } from '../query/fleetQuery.ts'
import { ticks } from '../time/clock.ts'

export interface CentralLog {
  readonly queries: FleetQueries
  /** Rejects, with what to do in the message, while it cannot be read. */
  check(): Promise<CentralCheck>
  close(): Promise<void>
}

/** The settings that say where it is. */
export interface CentralSettings {
  readonly callLogSink: string
  readonly callLogSinkPassword: string | null
}

const PARTITIONS_EVERY_MS = 3_600_000

/** Connects with the first question. */
export function openCentralLog(settings: CentralSettings, log: Logger): CentralLog {
  const address = addressOf(settings)
  const { close, ...queries } = openCentralQueries({ address }, { log })
  let partitionedAt = Number.NEGATIVE_INFINITY
  return {
    queries,
    async check() {
      const areDue = ticks() - partitionedAt > PARTITIONS_EVERY_MS
      const found = await checkCentral(address, { keepsPartitions: areDue })
      partitionedAt = areDue ? ticks() : partitionedAt
      return found
    },
    close,
  }
}

function addressOf({ callLogSink, callLogSinkPassword }: CentralSettings): CentralAddress {
  return { url: callLogSink, password: callLogSinkPassword }
}
