// The lines of the records that Asterisk writes: CDR and CEL.

import { existsSync, readFileSync } from 'node:fs'

/**
 * The cells of each line; none when Asterisk has not written the file yet. Every cell is quoted, and a quote inside is doubled: all of CSV
 * that Asterisk makes.
 */
export function csvLines(file: string): string[][] {
  if (!existsSync(file)) {
    return []
  }
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((cell) => (cell[1] ?? '').replaceAll('""', '"')))
}
