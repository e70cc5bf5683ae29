// What the filters offer, in the order of the form.
//
// The names are those of the API; a test compares them with the core's lists.

export const DIRECTION_NAMES = ['inbound', 'outbound', 'internal', 'transit'] as const

export const DESTINATION_NAMES = [
  'emergency',
  'national',
  'mobile',
  'international',
  'premium',
  'satellite',
  'special',
  'unknown',
] as const

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
