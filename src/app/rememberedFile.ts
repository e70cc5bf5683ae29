// A small file beside the call log that remembers for the next start what Asterisk was asked.
//
// It is written when the content changes. If it cannot be read or written, the next start begins without it.

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { z } from 'zod'

export interface RememberedFile<T> {
  /** What an earlier run wrote; null if none did. */
  readonly earlier: T | null
  /** Writes the content if it differs from what was written last. Returns whether the file has it. */
  write(content: T): boolean
}

export function openRememberedFile<T>(path: string, shape: z.ZodType<T>): RememberedFile<T> {
  const earlier = read(path, shape)
  let written = JSON.stringify(earlier ?? [])
  return {
    earlier,
    write(content) {
      const text = JSON.stringify(content)
      if (text === written) {
        return true
      }
      try {
        writeFileSync(`${path}.new`, text, { mode: 0o600 })
        renameSync(`${path}.new`, path)
        written = text
        return true
      } catch {
        // A failing disk: the call log reports it, and the next call tries again.
        return false
      }
    },
  }
}

function read<T>(path: string, shape: z.ZodType<T>): T | null {
  try {
    return shape.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}
