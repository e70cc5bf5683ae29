// Plays the script of a scenario: pauses end in time, when a channel continues, or when somebody hangs up.

import type { ExpectedCall, Pause } from './asterisk/call.ts'
import type { SimChannel } from './asterisk/channel.ts'
import type { World } from './asterisk/world.ts'
import type { EventQueue } from './clock/eventQueue.ts'

/** Runs a script to its next pause, schedules the rest, and so on until it ends. Returns a function that ends a pause early. */
export function play(
  eventQueue: EventQueue,
  world: World,
  script: Generator<Pause, readonly ExpectedCall[], boolean>,
  done: (truths: readonly ExpectedCall[]) => void,
): () => void {
  let endPause = (_isHungUp?: boolean): void => undefined
  const go = (continued: boolean): void => {
    world.running.hangUp = () => endPause(true)
    const step = script.next(continued)
    world.running.hangUp = null
    if (step.done === true) {
      done(step.value)
    } else if (typeof step.value === 'number') {
      pause(Math.max(1, Math.round(step.value)))
    } else {
      awaitContinue(step.value.continued, step.value.atMostMs)
    }
  }
  const pause = (ms: number): void => {
    let isHungUp = false
    const end = once(() => go(isHungUp))
    endPause = (byHangUp = false) => {
      isHungUp = byHangUp
      end()
    }
    eventQueue.at(eventQueue.now() + ms, end)
  }
  const awaitContinue = (channel: SimChannel, atMostMs: number): void => {
    let continued = false
    const end = once(() => {
      world.waiting.delete(channel.id)
      go(continued)
    })
    world.waiting.set(channel.id, () => {
      continued = true
      end()
    })
    endPause = end
    eventQueue.at(eventQueue.now() + Math.round(atMostMs), end)
  }
  go(false)
  return () => endPause()
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (!done) {
      done = true
      act()
    }
  }
}
