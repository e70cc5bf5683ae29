// Sets the wall clock of the process that it is loaded into (`node --import`), in all its threads, when its parent says so.
//
// Plain JavaScript: loaded before the program, whichever build that is. Needs no root, unlike the real clock.

import { BroadcastChannel, isMainThread } from 'node:worker_threads'

const RealDate = Date
let aheadMs = 0

const channel = new BroadcastChannel('clock')
channel.onmessage = ({ data }) => {
  aheadMs = data
}
channel.unref()
if (isMainThread) {
  process.on('message', (message) => {
    if (message?.clock === undefined) {
      return
    }
    aheadMs = message.clock
    channel.postMessage(aheadMs)
  })
}

class SetDate extends RealDate {
  constructor(...words) {
    super(...(words.length === 0 ? [RealDate.now() + aheadMs] : words))
  }

  static now() {
    return RealDate.now() + aheadMs
  }
}

Object.defineProperty(SetDate, 'name', { value: 'Date' })
globalThis.Date = SetDate
