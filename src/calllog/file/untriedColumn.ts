// The sixth migration: since when nobody has tried to call a missed caller back.
//
// Of a file of before, it is known of those whom nobody tried at all. Used by writer/missedCallerRows.ts, writer/earlierCallers.ts and
// reader/missedCallerPage.ts.

/** Version 5 to 6. */
export const V6 = `
ALTER TABLE missed_callers ADD COLUMN untried_since TEXT;
UPDATE missed_callers SET untried_since = first_miss_time WHERE state = 'waiting' AND tries = 0;
`
