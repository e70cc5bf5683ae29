// Resident memory of a process, as the system tells it: one that does not answer cannot tell itself.
//
// Source: proc(5), VmRSS.

import { existsSync, readFileSync } from 'node:fs'

/** In MB; NaN where the system does not tell, or there is no such process. */
export function residentMb(pid: number): number {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) {
    return Number.NaN
  }
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024
}
