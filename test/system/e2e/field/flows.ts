// All flows of the field. The order gives each its phones, its numbers and its names.

import { AGENTS } from './agents.ts'
import { DESK } from './desk.ts'
import { DIALED } from './dialed.ts'
import { EARLY } from './early.ts'
import type { Flow } from './flow.ts'
import { MIXING } from './mixing.ts'
import { CLICKED } from './originated.ts'
import { PAGES } from './pages.ts'
import { RECORDED } from './recorded.ts'
import { ROOMS } from './rooms.ts'

export const FLOWS: readonly Flow[] = [
  ...PAGES,
  ...AGENTS,
  ...EARLY,
  ...DESK,
  ...MIXING,
  ...CLICKED,
  ...DIALED,
  ...ROOMS,
  ...RECORDED,
]
