// Compiles a TypeScript text with the packages of this repository, as a program that uses them would.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const MODULES = join(import.meta.dirname, '../../node_modules')

const configOf = (file: string) => ({
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2023',
    module: 'esnext',
    moduleResolution: 'bundler',
    types: [],
  },
  files: [file],
})

/** The errors of the compiler, one a line, each with its place in `file`. Takes a second or two. */
export async function typeErrors(file: string, text: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-types-'))
  try {
    // Types are resolved from the repository.
    symlinkSync(MODULES, join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configOf(file)))
    writeFileSync(join(folder, file), text)
    const tsc = join(MODULES, '.bin/tsc')
    const output = await promisify(execFile)(tsc, ['-p', '.', '--pretty', 'false'], { cwd: folder }).then(
      ({ stdout }) => stdout,
      (error: { readonly stdout?: string }) => error.stdout ?? String(error),
    )
    return output.split('\n').filter((line) => line !== '')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
