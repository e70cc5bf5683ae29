// The eighth migration: the SIP Call-ID of calls and legs, and the recording of a call.

/** Version 7 to 8. */
export const V8 = `
ALTER TABLE calls ADD COLUMN sip_call_id TEXT;
ALTER TABLE calls ADD COLUMN recording TEXT;
ALTER TABLE legs ADD COLUMN sip_call_id TEXT;
`
