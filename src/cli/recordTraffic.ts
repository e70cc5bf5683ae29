// Writes what a live Asterisk sends into a recording that `replay` reads: one line a frame, as it came.

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createSession } from '../ari/session.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../log.ts'

/** Records until stopped. Rejects with the file system's error when the file cannot be written. */
export async function startRecording(
  options: { readonly path: string; readonly ari: Config['ari'] },
  log: Logger,
): Promise<{ stop(): Promise<void> }> {
  const file = createWriteStream(options.path, { flags: 'a' })
  await once(file, 'open')
  let frames = 0
  const session = createSession(options.ari, { log })
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
    async stop() {
      await session.stop()
      file.end()
      await once(file, 'close')
      log.info({ path: options.path, frames }, 'recording closed')
    },
  }
}

// A frame that is no JSON is kept as text; `replay` counts it as malformed.
function rawOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return JSON.stringify(text)
  }
}
