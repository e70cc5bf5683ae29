// All boards, in the order in which an operator on duty needs them.
//
// Only boards in this list are shipped.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { callLog } from './boards/callLog.ts'
import { calls } from './boards/calls.ts'
import { destinations } from './boards/destinations.ts'
import { exporter } from './boards/exporter.ts'
import { fleet } from './boards/fleet.ts'
import { missedCalls } from './boards/missedCalls.ts'
import { operators } from './boards/operators.ts'
import { queues } from './boards/queues.ts'
import { trunks } from './boards/trunks.ts'
import { voiceQuality } from './boards/voiceQuality.ts'
import { wallboard } from './boards/wallboard.ts'

/** Creates all boards. */
export function boards(): readonly Dashboard[] {
  return [
    wallboard,
    fleet,
    calls,
    missedCalls,
    queues,
    trunks,
    destinations,
    operators,
    voiceQuality,
    exporter,
    callLog,
  ].map((board) => board())
}

/** Name and content of a board's file in `dashboards/` or `gallery/`, formatted as the repository's formatter does. */
export function fileOf(board: { readonly uid?: string }): { readonly name: string; readonly text: string } {
  return { name: `${board.uid}.json`, text: `${JSON.stringify(board, null, 2).replace(SCALARS, onOneLine)}\n` }
}

const WIDTH = 120
// A list of strings or numbers, with the beginning of its line.
const SCALARS = /^(.*)\[\n((?:\s+(?:"(?:[^"\\]|\\.)*"|[\w.+-]+),?\n)+)\s*\](,?)$/gm

function onOneLine(written: string, before: string, items: string, after: string): string {
  const short = `${before}[${items
    .trim()
    .split(/,\n\s*/)
    .join(', ')}]${after}`
  return short.length <= WIDTH ? short : written
}
