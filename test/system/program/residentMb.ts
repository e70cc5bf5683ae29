// Resident memory of a process, as the system reports it: a process that hangs cannot report it.
//
// Source: proc(5), VmRSS.

import { existsSync, readFileSync } from 'node:fs'

/** In MB; NaN where the system does not report it or there is no such process. */
export function residentMb(pid: number): number {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) {
    return Number.NaN
  }
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024
}
