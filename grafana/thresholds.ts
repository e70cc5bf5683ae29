// The numbers at which something is wrong: once for the alerts (prometheus/rules/alerts.yml) and the dashboards' colours.
//
// A rules file cannot import, so test/unit/prometheus/thresholds.test.ts reads alerts.yml and asserts that each alert says these
// numbers. Shares are 0 to 1, spans seconds. Never a number that only a drawing needs.

/** Share of missed calls in half an hour at which somebody is woken, together with `MISSED_FAST_COUNT`. */
export const MISSED_FAST_SHARE = 0.5

/** Missed calls in half an hour without which no share is believed: works at every size, where a floor on volume does not. */
export const MISSED_FAST_COUNT = 4

/** Share of missed calls in an hour that has gone on too long. At 0.4 it tells of quiet nights five times a week (simulated). */
export const MISSED_SLOW_SHARE = 0.6

/** Missed calls in an hour without which that share is not believed. */
export const MISSED_SLOW_COUNT = 3

/** Missed calls in the last quarter of an hour (half an hour, where none was answered): it is still going on. */
export const MISSED_RECENT_COUNT = 1

/** Missed calls in two hours, with not one answered, that are too many even for an office with three calls a morning. */
export const MISSED_NONE_ANSWERED_COUNT = 3

/** Calls in the same half hour (or six hours) of last week at which none now means that something is broken. */
export const CALLS_EXPECTED_COUNT = 10

/** Age of the oldest live call, in seconds: four hours are longer than people talk. */
export const CALL_STUCK_SECONDS = 14_400

/** Seizures of a trunk in the same hour (or six hours) of last week at which none now means that it is dead. */
export const TRUNK_EXPECTED_COUNT = 10

/** Network effectiveness ratio (NER) of a trunk's outbound seizures in half an hour below which the carrier refuses calls. */
export const TRUNK_NER_SHARE = 0.5

/** Outbound seizures in half an hour without which that ratio is not believed. */
export const TRUNK_NER_COUNT = 5

/** Share of phones offline among those whose state is known. */
export const PHONES_OFFLINE_SHARE = 0.25

/** Phones offline without which that share is not believed: one switched-off phone of three is no fault. */
export const PHONES_OFFLINE_COUNT = 3

/** How long the longest waiting caller of a queue has waited, in seconds: too long. */
export const QUEUE_WAIT_LONG_SECONDS = 180

/** The same: nobody serves the queue. */
export const QUEUE_WAIT_VERY_LONG_SECONDS = 600

/** Share of a queue's callers in an hour that hung up while they waited. */
export const QUEUE_ABANDONED_SHARE = 0.3

/** Callers in an hour that hung up, without which that share is not believed. */
export const QUEUE_ABANDONED_COUNT = 4

/** Answered within this many seconds counts for the service level (a bound of asterisk_queue_wait_seconds). */
export const SERVICE_LEVEL_SECONDS = 20

/** The service level that queues are usually promised: 80 % within 20 s. */
export const SERVICE_LEVEL_SHARE = 0.8

/** Mean opinion score up to which a voice stream counts as bad (a bound of asterisk_leg_mos). */
export const MOS_LOW = 3.5

/** Share of bad voice streams in an hour. */
export const MOS_LOW_SHARE = 0.2

/** Bad voice streams in an hour without which that share is not believed. */
export const MOS_LOW_COUNT = 10

/** Voice streams in half an hour without a single packet: one-way audio is no accident any more. */
export const NO_MEDIA_COUNT = 3

/** Seconds in which a channel that entered the exporter's own Stasis application must have been handed back. */
export const STASIS_WAIT_SECONDS = 10

/** Seconds from an event to its receipt, 95th percentile of five minutes, beyond which live figures are late. */
export const EVENT_LAG_SECONDS = 2.5

/** Delay of the exporter's event loop in seconds, 99th percentile, beyond which it may fall behind. */
export const EVENT_LOOP_DELAY_SECONDS = 0.5

/** Seconds without a session in half an hour, although every scrape found one. */
export const SIGHT_GAPS_SECONDS = 20

/** Sessions that were lost within an hour. */
export const SESSION_LOSSES_COUNT = 4

/** Events in the same quarter of an hour of last week at which silence now means that we are not told any more. */
export const EVENTS_EXPECTED_COUNT = 100

/** Frames of one kind in an hour that could not be read. */
export const MALFORMED_FRAMES_COUNT = 10

/** Calls that ended unseen within a quarter of an hour. */
export const ENDED_UNSEEN_COUNT = 5

/** Bytes of the write-ahead log of the call log beyond which a reader keeps it from being emptied; the exporter warns there too. */
export const WAL_BYTES = 128 * 1024 * 1024

/** Failed transactions of the call log in a quarter of an hour. */
export const WRITE_ERRORS_COUNT = 3
