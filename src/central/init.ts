// The command `fleet --init`: makes or migrates the schema of the central call log and its partitions, and says who may use it.

import type { Client } from 'pg'
import { type CentralAddress, closeConnection, connect, placeOf } from './connection.ts'
import { CentralProblem, problemOf } from './problem.ts'
import { migrateCentral } from './schema/migrate.ts'
import { keepPartitions, type PartitionsKept } from './schema/partitions.ts'

/** Returns what was done, as lines. Rejects with a `CentralProblem` that says what to do; then nothing was changed. */
export async function initCentral(address: CentralAddress, since: string | null = null): Promise<readonly string[]> {
  const where = placeOf(address)
  const client = await connect(address, { applicationName: 'asterisk-ari-exporter fleet --init' })
  try {
    const { from, to } = await migrateCentral(client)
    const partitions = await keepPartitions(client, since)
    return [schemaLine(where, from, to), ...partitionLines(partitions), ...(await roleLines(client))]
  } catch (error) {
    throw initProblem(error, where)
  } finally {
    await closeConnection(client)
  }
}

function schemaLine(where: string, from: number, to: number): string {
  if (from === to) {
    return `${where} has version ${to} of the schema already.`
  }
  return from === 0
    ? `Made version ${to} of the schema in ${where}.`
    : `Migrated the schema in ${where} from version ${from} to version ${to}.`
}

function partitionLines({ made, moved, postponed }: PartitionsKept): readonly string[] {
  const lines = [`Partitions made: ${made.length}; rows moved out of the default partitions: ${moved}.`]
  if (postponed.length > 0) {
    const some = postponed.slice(0, 3).map(([name, code]) => `${name} (${code})`)
    lines.push(`Not made now: ${postponed.length} partitions, such as ${some.join(', ')}. Run this command again.`)
  }
  return lines
}

async function roleLines(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; may_add: boolean; may_read: boolean }>(
    `SELECT rolname AS name,
       has_table_privilege(rolname, 'calls', 'INSERT') AND has_table_privilege(rolname, 'legs', 'INSERT')
         AND has_table_privilege(rolname, 'missed_callers', 'INSERT')
         AND has_table_privilege(rolname, 'call_keys', 'SELECT') AS may_add,
       has_table_privilege(rolname, 'calls', 'SELECT') AND has_table_privilege(rolname, 'legs', 'SELECT')
         AND has_table_privilege(rolname, 'missed_callers', 'SELECT') AS may_read
     FROM pg_roles WHERE rolcanlogin ORDER BY rolname`,
  )
  const names = (of: (row: (typeof rows)[number]) => boolean) =>
    rows
      .filter(of)
      .map(({ name }) => name)
      .join(', ') || 'nobody'
  return [
    `May add calls: ${names(({ may_add }) => may_add)}. May read them: ${names(({ may_read }) => may_read)}.`,
    'How to grant both rights is in src/central/README.md.',
  ]
}

function initProblem(error: unknown, where: string): CentralProblem {
  const problem = problemOf(error, where)
  if (problem.reason === 'unauthorized') {
    const rights =
      'its user needs the right to create tables (GRANT CREATE ON SCHEMA public TO …), or must own the database and the tables'
    return new CentralProblem('unauthorized', `cannot make the tables in ${where}: ${rights}`)
  }
  return problem
}
