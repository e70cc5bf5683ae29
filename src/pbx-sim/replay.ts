// Sends a recorded trace to all listeners, as if it happened now.
//
// Frames keep their order and content; the application's name is replaced, and on request all times.
// At speed 0 it sends as fast as the sockets accept, and waits for slow ones.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Applications } from './ari/applications.ts'

/** One line of a recording: when it was received (epoch ms), and the event. */
export interface TraceFrame {
  readonly t: number
  readonly raw: unknown
}

export interface ReplayOptions {
  /** 1 = as recorded, 10 = ten times faster, 0 = as fast as the sockets accept. */
  readonly speed: number
  /** `shifted`: the first frame's time becomes now, all others keep their distance from it. */
  readonly timestamps: 'kept' | 'shifted'
}

export interface ReplayDeps {
  readonly applications: Applications
  /** Bytes that wait for the slowest listener. */
  readonly backlog: () => number
  readonly now: () => number
  readonly stamp: (at: number) => string
}

const FULL_BYTES = 1_000_000
const FRAMES_AT_ONCE = 200

/** Resolves with the number of frames when the last one was sent. Lines without an event are left out. */
export async function replayTrace(
  frames: readonly TraceFrame[],
  options: ReplayOptions,
  deps: ReplayDeps,
): Promise<number> {
  const firstAt = frames[0]?.t ?? 0
  const startedAt = deps.now()
  const shiftMs = options.timestamps === 'shifted' ? startedAt - firstAt : 0
  let sent = 0
  for (const frame of frames) {
    const dueAt = options.speed === 0 ? 0 : startedAt + (frame.t - firstAt) / options.speed
    await waitFor(dueAt, sent, deps)
    sent += sendFrame(frame.raw, shiftMs, deps) ? 1 : 0
  }
  return sent
}

async function waitFor(dueAt: number, sent: number, deps: ReplayDeps): Promise<void> {
  const early = dueAt - deps.now()
  if (early > 0) {
    await sleep(early)
  } else if (sent % FRAMES_AT_ONCE === FRAMES_AT_ONCE - 1) {
    await sleep(0)
  }
  while (deps.backlog() > FULL_BYTES) {
    await sleep(1)
  }
}

function sendFrame(raw: unknown, shiftMs: number, deps: ReplayDeps): boolean {
  if (typeof raw !== 'object' || raw === null) {
    return false
  }
  const type: unknown = Reflect.get(raw, 'type')
  if (typeof type !== 'string') {
    return false
  }
  deps.applications.sendToAll(type, (application) => {
    const text = JSON.stringify({ ...raw, application })
    return shiftMs === 0 ? text : shiftTimes(text, shiftMs, deps.stamp)
  })
  return true
}

function shiftTimes(text: string, shiftMs: number, stamp: (at: number) => string): string {
  return text.replace(
    /"(timestamp|creationtime)":"([^"]+)"/g,
    (_all, name: string, at: string) => `"${name}":"${stamp(Date.parse(at) + shiftMs)}"`,
  )
}
