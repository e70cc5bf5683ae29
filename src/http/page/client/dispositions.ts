// The dispositions that the filter offers, in the order of the form.
//
// The names are those of the API; a test compares them with the core's list.

export const DISPOSITION_NAMES = [
  'answered',
  'no_answer',
  'busy',
  'rejected',
  'cancelled',
  'abandoned',
  'voicemail',
  'unreachable',
  'congestion',
  'invalid_number',
  'self_service',
  'failed',
  'merged',
  'unknown',
] as const
