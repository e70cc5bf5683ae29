// The flows of phones, queues and transfers: the everyday calls of an office.

import type { Flow } from './flow.ts'
import { JOINED } from './joined.ts'
import { LEAVING } from './leaving.ts'
import { NAMES } from './names.ts'
import { OFF } from './off.ts'
import { PANEL } from './panel.ts'
import { KEYS } from './queues.ts'
import { REASONS } from './reasons.ts'
import { REDIRECTS } from './redirects.ts'
import { REFUSED } from './refusals.ts'
import { TRANSFERRED } from './transfers.ts'

export const DESK: readonly Flow[] = [
  ...[...OFF, ...LEAVING, ...REASONS, ...REFUSED, ...KEYS],
  ...[...REDIRECTS, ...JOINED, ...TRANSFERRED, ...PANEL, ...NAMES],
]
