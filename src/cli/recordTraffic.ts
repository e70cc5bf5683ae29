// Writes what Asterisk sends into a recording that `replay` reads: one line for each frame, unchanged.
//
// Each recording has an application name of its own: the exporter may listen meanwhile, and Asterisk 16 keeps the name of a listener that
// has left, so that the next one of this name would be refused.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createSession } from '../ari/session.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../log.ts'

export interface Recording {
  /** Resolves if the file cannot be written any more. */
  readonly failed: Promise<Error>
  stop(): Promise<void>
}

/** Appends to the file until it is stopped. Rejects with the system's error if the file cannot be opened. */
export async function startRecording(
  options: { readonly path: string; readonly ari: Config['ari'] },
  log: Logger,
): Promise<Recording> {
  const file = createWriteStream(options.path, { flags: 'a' })
  await once(file, 'open')
  const failed = new Promise<Error>((resolve) => file.on('error', resolve))
  let frames = 0
  const session = createSession({ ...options.ari, app: nameFor(options.ari.app) }, { log })
  session.start({
    onEvent() {},
    onMalformed() {},
    onDisconnect() {},
    tap(text, receivedAt) {
      frames += 1
      file.write(`{"t":${receivedAt},"raw":${rawOf(text)}}\n`)
    },
  })
  return {
    failed,
    async stop() {
      await session.stop()
      file.end()
      await once(file, 'close')
      log.info({ path: options.path, frames }, 'recording closed')
    },
  }
}

function nameFor(app: string): string {
  return `${app}-record-${randomBytes(4).toString('hex')}`
}

// A frame that is not JSON is written as text; `replay` counts it as malformed.
function rawOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return JSON.stringify(text)
  }
}
