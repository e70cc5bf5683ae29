// Resolves DB_PATH to one canonical path: absolute, without symbolic links.

import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { openError } from './openError.ts'

/** The canonical path, so that two spellings of one path use the same lock. Throws if it cannot be a file. */
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
