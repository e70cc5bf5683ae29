// What a fleet does with the central call log beside its queries: checks whether it can be read, and keeps its partitions. Each with a
// connection of its own, because rows that move may take minutes.

import type { Client } from 'pg'
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
  /** How long a statement may take, locks included; the server ends it then. */
  readonly statementMs: number
  /** How much later an answer is given up, for when the line has fallen silent. */
  readonly answerSpareMs: number
}

const CHECK: CheckOptions = { statementMs: 8_000, answerSpareMs: 2_000 }

/** Rows may move into a new partition. */
const PARTITION_WITHIN_MS = 600_000

/** Rejects with a `CentralProblem` unless it answers and has the tables that this program reads. */
export async function checkCentral(
  address: CentralAddress,
  { statementMs, answerSpareMs } = CHECK,
): Promise<CentralCheck> {
  return await onConnection(address, statementMs + answerSpareMs, async (client) => {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${statementMs}`)
    const version = await schemaVersion(client)
    if (version < MIGRATIONS.length) {
      throw new CentralProblem(
        'schema',
        `${placeOf(address)} has version ${version} of the schema, and this program reads version ${MIGRATIONS.length}: run \`asterisk-ari-exporter fleet --init\` as the owner of the tables`,
      )
    }
    const found = { partitionDaysAhead: await partitionDaysAhead(client) }
    await client.query('COMMIT')
    return found
  })
}

/** Makes the partitions that are missing, if the role owns the tables. Rejects with a `CentralProblem`. */
export async function keepCentralPartitions(address: CentralAddress): Promise<void> {
  await onConnection(address, PARTITION_WITHIN_MS, (client) => keepPartitions(client))
}

async function onConnection<Result>(
  address: CentralAddress,
  answerWithinMs: number,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await connect(address, { applicationName: 'asterisk-ari-exporter fleet', answerWithinMs })
  try {
    return await use(client)
  } catch (error) {
    throw problemOf(error, placeOf(address))
  } finally {
    await closeConnection(client)
  }
}
