// Whether the central call log can be read, for the readiness of a fleet; with the same connection, partitions are kept.

import { type CentralAddress, closeConnection, connect, placeOf } from './connection.ts'
import { CentralProblem, problemOf } from './problem.ts'
import { schemaVersion } from './schema/migrate.ts'
import { MIGRATIONS } from './schema/migrations.ts'
import { keepPartitions, partitionDaysAhead } from './schema/partitions.ts'

/** What was found. */
export interface CentralCheck {
  /** For how many days after today there are partitions; null if the tables have none. */
  readonly partitionDaysAhead: number | null
}

export interface CheckOptions {
  readonly keepsPartitions: boolean
  /** How long each answer may take. */
  readonly answerWithinMs?: number
}

const ANSWER_WITHIN_MS = 10_000

/** Rows may move into a new partition. */
const PARTITION_WITHIN_MS = 600_000

/** Rejects with a `CentralProblem` unless it answers and has the tables that this program reads. */
export async function checkCentral(
  address: CentralAddress,
  { keepsPartitions, answerWithinMs = keepsPartitions ? PARTITION_WITHIN_MS : ANSWER_WITHIN_MS }: CheckOptions,
): Promise<CentralCheck> {
  const where = placeOf(address)
  const client = await connect(address, { applicationName: 'asterisk-ari-exporter fleet', answerWithinMs })
  try {
    const version = await schemaVersion(client)
    if (version < MIGRATIONS.length) {
      throw new CentralProblem(
        'schema',
        `${where} has version ${version} of the schema, and this program reads version ${MIGRATIONS.length}: run \`asterisk-ari-exporter fleet --init\` as the owner of the tables`,
      )
    }
    if (keepsPartitions) {
      await keepPartitions(client)
    }
    return { partitionDaysAhead: await partitionDaysAhead(client) }
  } catch (error) {
    throw problemOf(error, where)
  } finally {
    await closeConnection(client)
  }
}
