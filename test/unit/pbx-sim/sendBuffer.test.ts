// When the simulated PBX cuts off a listener: when a write is blocked, not when a backlog is large.

import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { createSendBuffer } from '../../../src/pbx-sim/ari/sendBuffer.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setImmediate'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** A socket of which nothing is taken until `take`. */
function blocked(maxBufferedBytes: number) {
  const written: (() => void)[] = []
  let isCut = false
  const socket = {
    bufferedAmount: 0,
    OPEN: 1,
    readyState: 1,
    send(text: string, done?: () => void) {
      socket.bufferedAmount += text.length
      if (done !== undefined) {
        written.push(done)
      }
    },
    terminate() {
      isCut = true
      socket.readyState = 3
    },
  }
  const listener = createSendBuffer(socket as unknown as WebSocket, new PassThrough(), {
    maxBufferedBytes,
    tooSlow: () => undefined,
  })
  return {
    isCut: () => isCut,
    /** One turn of the event loop, `ms` after the one before. */
    turn(ms: number) {
      vi.advanceTimersByTime(ms)
      listener.send('x'.repeat(60))
      vi.runAllTicks()
      vi.advanceTimersByTime(0)
      vi.runAllTimers()
    },
    take(bytes: number) {
      socket.bufferedAmount -= bytes
      written.shift()?.()
    },
  }
}

test('a listener that reads nothing is cut off once more waits than the buffers hold, and has waited for 100 ms', () => {
  const peer = blocked(100)
  peer.turn(500)
  expect(peer.isCut()).toBe(false)
  peer.turn(500)
  expect(peer.isCut()).toBe(false)
  peer.turn(90)
  expect(peer.isCut()).toBe(false)
  peer.turn(20)
  expect(peer.isCut()).toBe(true)
})

test('a listener that reads more slowly than the events come is kept, however much waits', () => {
  const peer = blocked(100)
  for (let turn = 0; turn < 50; turn += 1) {
    peer.turn(60)
    peer.take(20)
  }
  expect(peer.isCut()).toBe(false)
})
