// Many calls in a central call log, made by PostgreSQL itself: evenly over some days, from many sites, with legs and missed callers.
//
// Nothing is random: the same numbers make the same rows. Half of the callers outside call about five times in five million calls.

export interface Generated {
  readonly calls: number
  readonly days: number
  readonly sites: number
  /** Their names begin with it. */
  readonly prefix: string
  /** When the last call began; epoch ms. */
  readonly end: number
}

const DISPOSITIONS = `(ARRAY['answered', 'answered', 'answered', 'answered', 'answered', 'answered', 'answered', 'no_answer', 'abandoned', 'busy'])`

/** A number that differs for each call, below `below`; `salt` makes another one. */
const pick = (below: number, salt: number): string => `((n * ${salt} + n / 7) % ${below})`

function callsSql({ calls, days, sites, prefix, end }: Generated): string {
  return `WITH made AS (
      SELECT n, '${prefix}-' || lpad((n % ${sites})::text, 4, '0') AS site, n / ${sites} + 1 AS id,
        to_timestamp(${end / 1000}) - (${calls} - n) * interval '1 ms' * ${(days * 86_400_000) / calls} AS start_time,
        ${DISPOSITIONS}[1 + ${pick(10, 7919)}] AS disposition,
        (ARRAY['inbound', 'inbound', 'inbound', 'outbound', 'internal'])[1 + ${pick(5, 104_729)}] AS direction,
        '+35840' || lpad(${pick(1_000_003, 15_485_863)}::text, 7, '0') AS outside,
        (100 + ${pick(200, 31)})::text AS phone
      FROM generate_series(1, ${calls}::bigint) AS n
    ), timed AS (
      SELECT *, disposition = 'answered' AS is_answered,
        start_time + (CASE WHEN disposition = 'answered' THEN 10 + ${pick(600, 13)} ELSE 5 + ${pick(60, 17)} END) * interval '1 s' AS end_time
      FROM made
    )
    INSERT INTO calls (log_id, id, day, site, missed_caller, created_at, updated_at, start_time, answer_time, end_time, duration, ring_seconds,
      answer_delay, hold_seconds, queue_wait, cause, transfers, missed, offered, channel_id, caller, caller_name, callee, direction, status,
      disposition, hangup_by, cause_text, queue, answered_by, trunk, line, account_code, context, caller_endpoint, quality, cause_class)
    SELECT md5(site)::uuid, id, (end_time AT TIME ZONE 'UTC')::date, site,
      CASE WHEN direction = 'inbound' AND NOT is_answered THEN id END, start_time, end_time, start_time,
      CASE WHEN is_answered THEN start_time + interval '7 s' END, end_time,
      CASE WHEN is_answered THEN extract(epoch FROM end_time - start_time) - 7 ELSE 0 END, 5, CASE WHEN is_answered THEN 7 END, 0,
      CASE WHEN n % 3 = 0 THEN ${pick(120, 11)} END, 16, 0,
      CASE WHEN direction = 'inbound' AND NOT is_answered THEN 1 ELSE 0 END, 1, extract(epoch FROM start_time)::bigint || '.' || n,
      CASE WHEN direction = 'inbound' THEN outside ELSE phone END, '',
      CASE WHEN direction = 'outbound' THEN outside WHEN direction = 'inbound' THEN '09555' || (1000 + n % 50) ELSE (100 + n % 190)::text END,
      direction, CASE WHEN is_answered THEN 'completed' ELSE disposition END, disposition, 'caller', 'Normal Clearing',
      CASE WHEN n % 3 = 0 THEN 'queue-' || n % 10 END, CASE WHEN is_answered THEN '["PJSIP/' || phone || '"]' ELSE '[]' END,
      CASE WHEN direction <> 'internal' THEN 'PJSIP/trunk-' || n % 4 END,
      CASE WHEN direction = 'inbound' THEN 'line ' || n % 5 END, '', 'from-trunk',
      CASE WHEN direction = 'inbound' THEN 'PJSIP/trunk-' || n % 4 ELSE 'PJSIP/' || phone END,
      '{"rx":{"packets":1500,"mos":4.4,"loss_ratio":0.001,"jitter_seconds":0.002},"tx":{"packets":1500,"mos":4.3}}', 'normal'
    FROM timed`
}

const legsSql = ({
  prefix,
}: Generated): string => `INSERT INTO legs (log_id, id, call_id, day, site, call_start_time, start_time, ringing_time, answer_time, end_time, alive_time,
    talk_seconds, cause, endpoint, endpoint_role, role, dialed, result, channel_id, direction)
  SELECT log_id, id * 2 + leg, id, day, site, start_time, start_time + interval '1 s', start_time + interval '2 s', answer_time, end_time,
    start_time + interval '1 s', duration, 16,
    CASE WHEN direction = 'outbound' THEN trunk ELSE 'PJSIP/' || (100 + (id * 7 + leg) % 200) END,
    CASE WHEN direction = 'outbound' THEN 'trunk' ELSE 'phone' END, 'callee', callee,
    CASE WHEN answer_time IS NOT NULL AND leg = 0 THEN 'answered' WHEN answer_time IS NOT NULL THEN 'answered_elsewhere' ELSE 'no_answer' END,
    channel_id || '-' || leg, direction
  FROM calls CROSS JOIN generate_series(0, 1) AS leg WHERE (leg = 0 OR id % 3 = 0) AND site LIKE '${prefix}-%'`

// Each missed call is one missed caller with a state when it was missed, for a third another one after a try, and for nearly all, unless the
// call is of the last two days, one that closes it.
const callersSql = ({
  prefix,
  end,
}: Generated): string => `INSERT INTO missed_callers (log_id, id, version, day, site, closed_by_call, first_miss_time,
    last_miss_time, closed_time, waited, attempts, tries, number_key, number, name, state, queue, called, closed_by_phone)
  SELECT log_id, id, id * 4 + step, (coalesce(closed_time, end_time) AT TIME ZONE 'UTC')::date, site,
    CASE WHEN closed_time IS NOT NULL THEN id + 1 END, end_time, end_time, closed_time, extract(epoch FROM closed_time - end_time), 1, step % 2,
    md5(caller), caller, '', CASE WHEN closed_time IS NULL THEN 'waiting' ELSE 'returned' END, queue, callee,
    CASE WHEN closed_time IS NOT NULL THEN 'PJSIP/101' END
  FROM (
    SELECT *, CASE WHEN step = 2 THEN end_time + (id % 40) * interval '1 h' END AS closed_time
    FROM calls CROSS JOIN generate_series(0, 2) AS step
    WHERE site LIKE '${prefix}-%' AND missed = 1 AND (step <> 1 OR id % 3 = 0) AND (step <> 2 OR (id % 500 <> 0 AND end_time < to_timestamp(${end / 1000}) - interval '2 d'))
  ) AS state`

/** The statements that add the rows. */
export function generatingSql(generated: Generated): readonly string[] {
  return [callsSql(generated), legsSql(generated), callersSql(generated)]
}

/** A partition of each table for each day, as `fleet --init` makes them. */
export function partitionsSql({ days, end }: Generated): string {
  const first = Math.floor(end / 86_400_000) - days
  return ['calls', 'legs', 'missed_callers']
    .flatMap((table) =>
      Array.from({ length: days + 4 }, (_, index) => {
        const [from = '', to = ''] = [first + index, first + index + 1].map((day) =>
          new Date(day * 86_400_000).toISOString().slice(0, 10),
        )
        return `CREATE TABLE ${table}_${from.replaceAll('-', '')} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}')`
      }),
    )
    .join(';\n')
}
