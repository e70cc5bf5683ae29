// Watches the size of the write-ahead log: it grows without end while somebody reads the database in one transaction that
// is never closed. Logged once, again each time it has doubled, and when it is over. No reader is disconnected.

import type { Logger } from '../../log.ts'

/** The size as it was told last, and the words about it. */
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
        'the write-ahead log of the call log grows, because another program keeps a reading transaction open: mostly a sqlite3 shell after BEGIN, a database browser or a notebook; end it there',
      )
    } else if (bytes <= this.#warnBytes && this.#nextWarning > this.#warnBytes) {
      this.#nextWarning = this.#warnBytes
      log.info({ file: `${path}-wal` }, 'the write-ahead log of the call log is small again')
    }
  }
}
