// What machine a run was on, so that its figures can be read.
//
// Names nobody: no host name, no address, no path.

import { cpus, loadavg, platform, release, totalmem } from 'node:os'

export interface MachineFacts {
  readonly processor: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
  /** Processes that wanted to run, over the minute before the start: well above 0 on a machine that is not quiet. */
  readonly loadBefore: number
}

/** Of this machine, now. */
export function machineFacts(): MachineFacts {
  const processors = cpus()
  return {
    processor: processors[0]?.model.replace(/\s+/g, ' ').trim() || 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release().split(/[-+]/)[0]}`,
    node: process.version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}

/** The same in one line. */
export function factsLine(facts: MachineFacts): string {
  const { processor, cores, memoryGb, system, node, loadBefore } = facts
  return `${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node.slice(1)}, load ${loadBefore} before`
}
