// The schema of the central call log as a list of migrations: step n changes version n - 1 to version n.
//
// A released step never changes; a new one is appended. It only adds: exporters of an older version go on writing. The columns are
// those of tables.ts. Engines without partitions by range get plain tables.

import { CALL_INDEXES, LEG_INDEXES, MISSED_CALLER_INDEXES } from './searchIndexes.ts'

/** What the steps must know of the database. */
export interface Engine {
  readonly hasPartitions: boolean
}

/** The statements of one step. */
export type Step = (engine: Engine) => readonly string[]

const PARTITIONED = ['calls', 'legs', 'missed_callers'] as const

const V1: Step = ({ hasPartitions }) => {
  const byDay = hasPartitions ? 'PARTITION BY RANGE (day)' : ''
  return [
    `CREATE TABLE calls (
      log_id uuid NOT NULL,
      id bigint NOT NULL,
      missed_caller bigint,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      start_time timestamptz NOT NULL,
      answer_time timestamptz,
      end_time timestamptz NOT NULL,
      duration double precision NOT NULL,
      ring_seconds double precision,
      answer_delay double precision,
      hold_seconds double precision NOT NULL,
      queue_wait double precision,
      day date NOT NULL,
      cause integer,
      transfers integer NOT NULL,
      missed smallint NOT NULL,
      offered smallint NOT NULL,
      site text NOT NULL,
      node text,
      channel_id text NOT NULL,
      caller text NOT NULL,
      caller_name text NOT NULL,
      callee text NOT NULL,
      direction text NOT NULL,
      status text NOT NULL,
      disposition text,
      hangup_by text,
      cause_text text,
      queue text,
      answered_by text NOT NULL,
      trunk text,
      merged_into text,
      voice_problem text,
      sip_call_id text,
      recording text,
      line text,
      destination_class text,
      destination_country text,
      account_code text NOT NULL,
      context text NOT NULL,
      caller_endpoint text NOT NULL,
      quality text,
      cause_class text,
      PRIMARY KEY (log_id, id, day)
    ) ${byDay}`,
    ...CALL_INDEXES,
    `CREATE TABLE legs (
      log_id uuid NOT NULL,
      id bigint NOT NULL,
      call_id bigint NOT NULL,
      call_start_time timestamptz NOT NULL,
      start_time timestamptz NOT NULL,
      ringing_time timestamptz,
      answer_time timestamptz,
      end_time timestamptz,
      alive_time timestamptz,
      talk_seconds double precision NOT NULL,
      day date NOT NULL,
      cause integer,
      site text NOT NULL,
      endpoint text NOT NULL,
      endpoint_role text NOT NULL,
      role text NOT NULL,
      dialed text NOT NULL,
      result text,
      quality text,
      voice_problem text,
      sip_call_id text,
      channel_id text,
      direction text NOT NULL,
      PRIMARY KEY (log_id, id, day)
    ) ${byDay}`,
    ...LEG_INDEXES,
    `CREATE TABLE missed_callers (
      log_id uuid NOT NULL,
      id bigint NOT NULL,
      version bigint NOT NULL,
      closed_by_call bigint,
      first_miss_time timestamptz NOT NULL,
      last_miss_time timestamptz NOT NULL,
      untried_since timestamptz,
      closed_time timestamptz,
      waited double precision,
      day date NOT NULL,
      attempts integer NOT NULL,
      tries integer NOT NULL,
      site text NOT NULL,
      number_key text NOT NULL,
      number text NOT NULL,
      name text NOT NULL,
      state text NOT NULL,
      queue text,
      called text NOT NULL,
      closed_by text,
      closed_by_phone text,
      PRIMARY KEY (log_id, id, version, day)
    ) ${byDay}`,
    ...MISSED_CALLER_INDEXES,
    // Who may only add rows sees by it whether a row that is there already is the same call, and nothing else.
    'CREATE VIEW call_keys AS SELECT log_id, id, day, channel_id, end_time FROM calls',
    // Rows of a day that has no partition of its own.
    ...(hasPartitions ? PARTITIONED.flatMap(defaultPartition) : []),
  ]
}

// The index is for the days of which it has rows (partitions.ts).
function defaultPartition(table: string): readonly string[] {
  return [
    `CREATE TABLE ${table}_default PARTITION OF ${table} DEFAULT`,
    `CREATE INDEX ${table}_default_by_day ON ${table}_default (day)`,
  ]
}

/** The steps, oldest first. */
export const MIGRATIONS: readonly Step[] = [V1]
