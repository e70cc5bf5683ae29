// All attacks, in the order in which they are made, by point:
//
// 1 rows that cannot be written   2 a log that cannot be written   3 clocks that are set   4 bursts into our application
// 5 too many requests             6 heavy questions                7 stops                 8 descriptors
// 9 forgotten readers             10 a page with all calls         11 foreign hosts        12 calls without bounds
// 13 small things

import type { Attack } from './attack.ts'
import { CALL_LOG_ATTACKS } from './callLog.ts'
import { CLOCKS } from './clocks.ts'
import { DESCRIPTOR_ATTACKS } from './descriptors.ts'
import { ENDLESS } from './endless.ts'
import { LIVE_PAGES } from './livePage.ts'
import { LOGS } from './logs.ts'
import { REQUESTS } from './requests.ts'
import { SMALL } from './small.ts'
import { BURSTS } from './stasis.ts'
import { STOPS } from './stops.ts'

export const ATTACKS: readonly Attack[] = [
  ...CALL_LOG_ATTACKS,
  ...LOGS,
  ...CLOCKS,
  ...BURSTS,
  ...REQUESTS,
  ...STOPS,
  ...DESCRIPTOR_ATTACKS,
  ...LIVE_PAGES,
  ...ENDLESS,
  ...SMALL,
]
