// The outcome of a trial for people to read, and whether it is what is promised.

import type { Outcome } from './chaos.ts'

const SHOWN = 5

/** What must be empty or 0; each with what was found. */
export function faultsFound(outcome: Outcome): Readonly<Record<string, readonly string[]>> {
  const { lost, doubled, open, wrong, madeUp, broken, fallen, active, openLegs } = outcome
  const leaked = [...open, ...(active > 0 ? [`${active} active`] : []), ...(openLegs > 0 ? [`${openLegs} legs`] : [])]
  return { lost, doubled, leaked, wrong, madeUp, broken, fallen }
}

export function isAsPromised(outcome: Outcome): boolean {
  return Object.values(faultsFound(outcome)).every((found) => found.length === 0) && outcome.disconnectedSeconds > 0
}

export function reportOf(outcome: Outcome): string {
  const { faults, made, cut, seen, observedThroughout, unobserved, onTheEdge, takenIn, strange } = outcome
  const kinds = Object.entries(faults).map(([kind, count]) => `${kind} ${count}`)
  const total = Object.values(faults).reduce((sum, count) => sum + count, 0)
  const found = Object.entries(faultsFound(outcome))
  return [
    `faults injected: ${total} (${kinds.join(', ')})`,
    `alive ${outcome.runningSeconds} s: connected ${outcome.observedSeconds} s, disconnected on /metrics ${outcome.disconnectedSeconds.toFixed(1)} s`,
    `calls made: ${made}, and ${cut} scenarios cut off by the PBX going down`,
    `seen: ${seen}, of them ${observedThroughout} from beginning to end`,
    `unobserved: ${unobserved.length}, on the edge: ${onTheEdge.length}, part of another before they were observed: ${takenIn.length}`,
    found.map(([name, list]) => `${name}: ${list.length}`).join(', '),
    `rows of no call that ended by itself: ${strange.length}`,
    ...found.flatMap(([name, list]) => list.slice(0, SHOWN).map((text) => `  ${name}: ${text}`)),
    ...strange.slice(0, SHOWN).map((text) => `  strange: ${text}`),
    ...(isAsPromised(outcome) ? [] : [`  database: ${outcome.db}`]),
  ].join('\n')
}
