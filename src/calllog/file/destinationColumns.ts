// The ninth migration: the line that was called from outside, and what kind of number was dialed on a trunk. Null in calls of before.
//
// The indexes leave out the calls without them, so that only these calls cost a write more.

/** Version 8 to 9. */
export const V9 = `
ALTER TABLE calls ADD COLUMN line TEXT;
ALTER TABLE calls ADD COLUMN destination_class TEXT;
ALTER TABLE calls ADD COLUMN destination_country TEXT;
CREATE INDEX calls_by_line ON calls (line, start_time) WHERE line IS NOT NULL;
CREATE INDEX calls_by_destination ON calls (destination_class, start_time) WHERE destination_class IS NOT NULL;
CREATE INDEX calls_by_country ON calls (destination_country, start_time) WHERE destination_country IS NOT NULL;
`
