// The thresholds of the alerts (prometheus/rules/alerts.yml), which the dashboards use for their colours.
//
// A rules file cannot import, so test/unit/prometheus/thresholds.test.ts reads alerts.yml and asserts that each alert has these
// numbers. Shares are 0 to 1, durations seconds. Numbers that only a panel uses are not here.

/** AsteriskMissedCallsMany: share of missed calls in half an hour, together with `MISSED_FAST_COUNT`. */
export const MISSED_FAST_SHARE = 0.5

/** Missed calls in half an hour below which the share is ignored; it suits offices of any size, unlike a minimum of calls. */
export const MISSED_FAST_COUNT = 4

/** AsteriskMissedCallsPersist: share of missed calls in an hour. At 0.4 it fires five times a week in quiet nights (simulated). */
export const MISSED_SLOW_SHARE = 0.6

/** Missed calls in an hour below which that share is ignored. */
export const MISSED_SLOW_COUNT = 3

/** Missed calls in the last quarter of an hour (half an hour if none was answered) that show that it continues. */
export const MISSED_RECENT_COUNT = 1

/** AsteriskNobodyAnswers: missed calls in two hours with none answered. */
export const MISSED_NONE_ANSWERED_COUNT = 3

/** AsteriskCallbackLate: longest wait of the missed callers whom nobody has tried to call since their last call, in seconds. */
export const CALLBACK_LATE_SECONDS = 3_600

/** AsteriskCallbacksManyLate: missed callers that have waited so long, if fewer were called back within a day. */
export const CALLBACKS_LATE_COUNT = 10

/** AsteriskCallbacksFewer: share of missed callers that were called back within a day, per share of the week before. */
export const CALLBACKS_FEWER_RATIO = 0.75

/** Missed callers in a week that were not called back within a day, below which that share is ignored. */
export const CALLBACKS_FEWER_COUNT = 4

/** Seconds within which a call back counts for the three shares (bounds of asterisk_missed_caller_wait_seconds). */
export const CALLED_BACK_WITHIN = { halfHour: 1_800, fourHours: 14_400, day: 86_400 } as const

/** AsteriskNoCalls: calls in the same half hour (or six hours) of last week from which on none now is a fault. */
export const CALLS_EXPECTED_COUNT = 10

/** AsteriskCallStuck: age of the oldest active call, in seconds. */
export const CALL_STUCK_SECONDS = 14_400

/** AsteriskTrunkSilent: seizures in the same hour (or six hours) of last week from which on none now is a fault. */
export const TRUNK_EXPECTED_COUNT = 10

/** AsteriskTrunkRefusing: network effectiveness ratio (NER) of a trunk's outbound seizures in half an hour. */
export const TRUNK_NER_SHARE = 0.5

/** Outbound seizures in half an hour below which that ratio is ignored. */
export const TRUNK_NER_COUNT = 5

/** AsteriskTrunkNearlyFull: share of a trunk's channels that are in use, on average of five minutes. */
export const TRUNK_NEARLY_FULL_SHARE = 0.8

/** AsteriskTrunkFull: share of five minutes in which a trunk had no free channel. */
export const TRUNK_FULL_SHARE = 0.1

/** Outbound attempts that fail in five minutes, below which that share is ignored. */
export const TRUNK_REFUSED_COUNT = 3

/** AsteriskTrunkNotRegistered: the state of a registration that holds, as Asterisk writes it. */
export const REGISTERED = 1
/** AsteriskFraudManyAtOnce: toll calls that one phone has at once, ringing ones included. */
export const FRAUD_AT_ONCE_COUNT = 5

/** Per largest sum of one phone in the last four weeks. */
export const FRAUD_PHONE_RATIO = 2

/** AsteriskFraudBurst: toll calls that the PBX tries within ten minutes. */
export const FRAUD_BURST_COUNT = 20

/** Per most of them in the last four weeks. */
export const FRAUD_BURST_RATIO = 3

/** AsteriskFraudSequential: numbers of a range that one phone dials within ten minutes. */
export const FRAUD_SEQUENTIAL_COUNT = 8

/** AsteriskFraudPremium: conversation of one phone with premium-rate or satellite numbers within ten minutes, in seconds. */
export const FRAUD_PREMIUM_SECONDS = 300

/** AsteriskFraudOutOfHours: toll calls that the PBX tries within ten minutes, if that is unusual at this time of day. */
export const FRAUD_CLOSED_COUNT = 3

/** Seconds since the first call to a country. */
export const FRAUD_CLOSED_COUNTRY_SECONDS = 600

/** AsteriskFraudFirstCountry: the same. */
export const FRAUD_COUNTRY_SECONDS = 900

/** Seconds for which countries must have been remembered, before a first call to one means anything: four weeks. */
export const FRAUD_COUNTRIES_KNOWN_SECONDS = 2_419_200

/** AsteriskPhonesOffline: share of offline phones among those whose state is known. */
export const PHONES_OFFLINE_SHARE = 0.25

/** Offline phones below which that share is ignored: one of three phones may be switched off. */
export const PHONES_OFFLINE_COUNT = 3

/** AsteriskQueueWaitLong: wait of the longest waiting caller of a queue, in seconds. */
export const QUEUE_WAIT_LONG_SECONDS = 180

/** AsteriskQueueUnserved: the same. */
export const QUEUE_WAIT_VERY_LONG_SECONDS = 600

/** AsteriskQueueAbandoned: share of a queue's callers in an hour that hung up while they waited. */
export const QUEUE_ABANDONED_SHARE = 0.3

/** Callers that hung up in an hour below which that share is ignored. */
export const QUEUE_ABANDONED_COUNT = 4

/** Seconds within which an answer counts for the service level (a bound of asterisk_queue_wait_seconds). */
export const SERVICE_LEVEL_SECONDS = 20

/** The usual target of the service level: 80 % within 20 s. */
export const SERVICE_LEVEL_SHARE = 0.8

/** Mean opinion score up to which a voice stream counts as bad (a bound of asterisk_leg_mos). */
export const MOS_LOW = 3.5

/** AsteriskVoiceQualityPoor: share of bad voice streams in an hour. */
export const MOS_LOW_SHARE = 0.2

/** Bad voice streams in an hour below which that share is ignored. */
export const MOS_LOW_COUNT = 10

/** AsteriskNoMedia: voice streams without a packet in half an hour. */
export const NO_MEDIA_COUNT = 3

/** AsteriskTrunkOneWayAudio: conversations of a trunk in a quarter of an hour from which nothing is received. */
export const TRUNK_ONE_WAY_COUNT = 3

/** Share of the trunk's conversations that they must exceed. */
export const TRUNK_ONE_WAY_SHARE = 0.1

/** AsteriskTrunkVoicePoor: share of a trunk's conversations in a quarter of an hour with much loss or jitter. */
export const TRUNK_VOICE_SHARE = 0.25

/** Such conversations in a quarter of an hour below which that share is ignored. */
export const TRUNK_VOICE_COUNT = 5

/** AsteriskStasisWait: seconds within which a channel in the exporter's Stasis application must continue in the dialplan. */
export const STASIS_WAIT_SECONDS = 10

/** AsteriskEventLagHigh: seconds from an event to its receipt, 95th percentile of five minutes. */
export const EVENT_LAG_SECONDS = 2.5

/** AsteriskExporterBehind: seconds that the longest waiting event has waited to be handled. */
export const BEHIND_SECONDS = 10

/** AsteriskEventLoopSlow: delay of the exporter's event loop in seconds, 99th percentile. */
export const EVENT_LOOP_DELAY_SECONDS = 0.5

/** AsteriskConnectionGaps: seconds without a session in half an hour, although every scrape found one. */
export const CONNECTION_GAPS_SECONDS = 20

/** AsteriskSessionFlapping: lost sessions within an hour. */
export const SESSION_LOSSES_COUNT = 4

/** AsteriskEventsSilent: events in the same quarter of an hour of last week from which on none now is a fault. */
export const EVENTS_EXPECTED_COUNT = 100

/** AsteriskMalformedFrames: malformed frames of one reason in an hour. */
export const MALFORMED_FRAMES_COUNT = 10

/** AsteriskCallsEndedUnobserved: calls that ended while disconnected, within a quarter of an hour. */
export const ENDED_UNOBSERVED_COUNT = 5

/** AsteriskCallLogWalGrows: bytes of the call log's write-ahead log; the exporter logs a warning at the same size. */
export const WAL_BYTES = 128 * 1024 * 1024

/** AsteriskCallLogWriteErrors: failed transactions of the call log in a quarter of an hour. */
export const WRITE_ERRORS_COUNT = 3

/** AsteriskOutboxLate, AsteriskOutboxStuck: seconds that the oldest entry of the outbox has waited for its sink. */
export const OUTBOX_LATE_SECONDS = 900
export const OUTBOX_STUCK_SECONDS = 14_400

/** AsteriskFleetPartitionsEnd: days after today for which the central call log has partitions; they are made a week ahead. */
export const PARTITION_DAYS = 3
