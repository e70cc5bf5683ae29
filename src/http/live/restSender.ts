// Sends the further messages of a snapshot: one per turn of the event loop, over all readers; a reader gets its next message once the last is
// written.

/** A reader of the feed, by whichever transport. */
export interface RestReader {
  readonly isOpen: () => boolean
  /** `written` is called once the message is, and not if that failed. */
  readonly send: (text: string, written: () => void) => void
}

/** `done` is called after the last message. */
export type RestSender = (reader: RestReader, rest: Iterator<string>, done?: () => void) => void

export function createRestSender(): RestSender {
  const waiting: (() => void)[] = []
  let isScheduled = false
  const schedule = (): void => {
    if (isScheduled || waiting.length === 0) {
      return
    }
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      waiting.shift()?.()
      schedule()
    })
  }
  const sendRest: RestSender = (reader, rest, onDone = () => undefined) => {
    waiting.push(() => {
      if (!reader.isOpen()) {
        return
      }
      const { value, done } = rest.next()
      if (done === true) {
        return onDone()
      }
      reader.send(value, () => sendRest(reader, rest, onDone))
    })
    schedule()
  }
  return sendRest
}
