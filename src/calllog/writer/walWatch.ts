// Watches the size of the write-ahead log: it grows without limit while another program keeps a read transaction open.
// Warns once, again whenever the size has doubled, and logs when it is small again. No reader is disconnected.

import type { Logger } from '../../log.ts'

/** The last known size, and the log lines about it. */
export class WalWatch {
  readonly #warnBytes: number
  readonly #deps: { readonly path: string; readonly log: Logger }
  #bytes = 0
  #nextWarning: number

  constructor(warnBytes: number, deps: { readonly path: string; readonly log: Logger }) {
    this.#warnBytes = warnBytes
    this.#nextWarning = warnBytes
    this.#deps = deps
  }

  get bytes(): number {
    return this.#bytes
  }

  take(bytes: number): void {
    const { path, log } = this.#deps
    this.#bytes = bytes
    if (bytes > this.#nextWarning) {
      this.#nextWarning = bytes * 2
      log.warn(
        { file: `${path}-wal`, megabytes: Math.round(bytes / 1e6), find: `fuser -v '${path}'` },
        'the write-ahead log of the call log grows, because another program keeps a reading transaction open: usually a sqlite3 shell after BEGIN, a database browser or a notebook; end it there',
      )
    } else if (bytes <= this.#warnBytes && this.#nextWarning > this.#warnBytes) {
      this.#nextWarning = this.#warnBytes
      log.info({ file: `${path}-wal` }, 'the write-ahead log of the call log is small again')
    }
  }
}
