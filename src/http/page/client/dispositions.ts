// The dispositions that one can look for, in the order of the form.
//
// Names of the API; a test holds them against the core's own list.

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
