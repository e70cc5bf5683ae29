// A PostgreSQL with the central call log for the tests of a file.

import { afterAll, beforeAll } from 'vitest'
import { type Central, makeCentral } from './central.ts'
import { type Postgres, startPostgres } from './postgres.ts'

export interface CentralUnderTest extends Central {
  readonly postgres: Postgres
}

/** Registers the hooks; what it returns can be used within tests. */
export function centralPerFile(): CentralUnderTest {
  let postgres: Postgres | undefined
  let central: Central | undefined
  beforeAll(async () => {
    postgres = await startPostgres()
    central = await makeCentral(postgres)
  })
  afterAll(() => postgres?.remove())
  return {
    get postgres() {
      return within(postgres)
    },
    get owner() {
      return within(central).owner
    },
    get writer() {
      return within(central).writer
    },
    get reader() {
      return within(central).reader
    },
  }
}

function within<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('only within a test')
  }
  return value
}
