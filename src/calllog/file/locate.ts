// Which file DB_PATH means: one name for it, whatever links and dots lead there.

import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { openError } from './openError.ts'

/** The file that a path means: two spellings of one path must meet at one lock. Throws what cannot be a file. */
export function locate(path: string): string {
  const file = resolve(path)
  const folder = realpathSync(dirname(file))
  if (!statSync(folder).isDirectory()) {
    throw openError('no_such_directory', path)
  }
  const real = realpathIfThere(join(folder, basename(file)))
  if (statSync(real, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw openError('not_a_database', path)
  }
  return real
}

function realpathIfThere(file: string): string {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? file : realpathSync(file)
}
