// The seventh migration: what was wrong with the voice while the call lasted. Null in calls of before, and where nothing was.

/** Version 6 to 7. */
export const V7 = `
ALTER TABLE calls ADD COLUMN voice_problem TEXT;
ALTER TABLE legs ADD COLUMN voice_problem TEXT;
`
