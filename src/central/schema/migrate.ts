// Makes or migrates the schema of the central call log, forward only, in one transaction. Several may begin at once: one works, the
// others wait and find it done.

import type { Client } from 'pg'
import { CentralProblem } from '../problem.ts'
import { type Engine, MIGRATIONS, type Step } from './migrations.ts'

/** From which version to which; 0: there was none. */
export interface Migrated {
  readonly from: number
  readonly to: number
}

/** Of the lock under which the schema changes; the second number tells what for. */
export const ADVISORY_LOCK = 0x41524958

const SCHEMA = 1

/** Rejects with a `CentralProblem` if the schema is newer than this program, and with the errors of the server. */
export async function migrateCentral(client: Client, steps: readonly Step[] = MIGRATIONS): Promise<Migrated> {
  const engine = await engineOf(client)
  await client.query('BEGIN')
  try {
    if (engine.hasAdvisoryLocks) {
      await client.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK}, ${SCHEMA})`)
    }
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, applied_at timestamptz NOT NULL)',
    )
    const from = await schemaVersion(client)
    if (from > steps.length) {
      throw new CentralProblem(
        'schema',
        `the central call log has version ${from} of the schema, and this program knows version ${steps.length}: use a newer one`,
      )
    }
    for (const [index, step] of steps.entries()) {
      if (index >= from) {
        for (const statement of step(engine)) {
          await client.query(statement)
        }
        await client.query('INSERT INTO schema_version (version, applied_at) VALUES ($1::integer, now())', [index + 1])
      }
    }
    await client.query('COMMIT')
    return { from, to: steps.length }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** The newest step that was applied; 0 before the first one. The table must exist. */
export async function schemaVersion(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0)::integer AS version FROM schema_version',
  )
  return Number(rows[0]?.version ?? 0)
}

// CockroachDB partitions otherwise, and its advisory locks do nothing; YugabyteDB has none before 2025.
async function engineOf(client: Client): Promise<Engine & { readonly hasAdvisoryLocks: boolean }> {
  const { rows } = await client.query<{ version: string }>('SELECT version()')
  const version = rows[0]?.version ?? ''
  const isCockroach = version.includes('CockroachDB')
  return { hasPartitions: !isCockroach, hasAdvisoryLocks: !isCockroach && !version.includes('-YB-') }
}
