// The built program with one of its modules replaced: what a feature costs that the program cannot switch off.

import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Copies the built program of a checkout to `folder`, which must not exist, and puts `exports` in place of those that `module` has
 * (`app/callbackOptions.js`, as JavaScript); its other exports stay. Returns the folder, to be used like a checkout.
 */
export function programVariant(checkout: string, folder: string, module: string, exports: string): string {
  mkdirSync(folder)
  cpSync(join(checkout, 'dist'), join(folder, 'dist'), { recursive: true })
  cpSync(join(checkout, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'))
  const replaced = join(folder, 'dist', module)
  const original = replaced.replace(/\.js$/, '.original.js')
  renameSync(replaced, original)
  writeFileSync(replaced, `export * from './${basename(original)}'\n${exports}\n`)
  return folder
}
