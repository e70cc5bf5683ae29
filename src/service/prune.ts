// Removes from installed packages what the program never reads: a third of the files and four fifths of the bytes.
//
// Types, source maps, documents and tests of all packages, and of some packages other builds of the same code. Licenses stay.
// As a command: node src/service/prune.ts node_modules

import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

/** What better-sqlite3 calls a system: platform and processor. */
export type Target = 'linux-x64' | 'linux-arm64'

export interface Pruned {
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/** Never read at run time, in any package. */
const FILES =
  /\.(map|ts|mts|cts|md|markdown|html|png|zip|coffee|flow|tsbuildinfo)$|^(\.(?!package-lock).*|Makefile|tsconfig.*\.json)$/
const LICENSES = /^(licen[cs]e|copying|notice|authors)/i

/** Folders directly in a package. */
const FOLDERS: readonly string[] = [
  ...['test', 'tests', 'example', 'examples', 'benchmark', 'benchmarks', 'doc', 'docs', 'coverage', '.github'],
]

/** By package: what is for compilers, bundlers, CommonJS, other systems or other sets of metadata. */
const OTHERS: Readonly<Record<string, (path: string, target: Target) => boolean>> = {
  'better-sqlite3': (path, target) =>
    /^(deps|src)\/|^binding\.gyp$/.test(path) || (path.startsWith('prebuilds/') && path !== `prebuilds/${target}.node`),
  // Headers for compiling better-sqlite3.
  'node-addon-api': (path) => path !== 'package.json',
  'libphonenumber-js': (path) =>
    /^(build|bundle|es6-modern|mobile|source)\//.test(path) ||
    /^(index\.|examples\.|custom|metadata\.(full|mobile))/.test(path) ||
    path.endsWith('.cjs'),
  zod: (path) => /^(src|v3|v4-mini|mini)\//.test(path) || path.endsWith('.cjs'),
}

/** Prunes a `node_modules` folder for one system, other than that of this process if `target` says so. */
export function prune(modules: string, target: Target): Pruned {
  const bytesBefore = bytesIn(modules)
  for (const folder of packagesIn(modules)) {
    prunePackage(folder, target)
  }
  for (const unused of ['.bin', '.package-lock.json']) {
    rmSync(join(modules, unused), { recursive: true, force: true })
  }
  return { bytesBefore, bytesAfter: bytesIn(modules) }
}

/** Sum of the sizes of all files in a folder. */
export function bytesIn(folder: string): number {
  return filesIn(folder).reduce((sum, file) => sum + statSync(file).size, 0)
}

/** All files in a folder and the folders in it, sorted. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function prunePackage(folder: string, target: Target): void {
  const isOther = OTHERS[basename(folder)] ?? (() => false)
  for (const file of filesIn(folder)) {
    const path = relative(folder, file)
    // The packages that a package brings with it are pruned on their own.
    if (path.startsWith('node_modules/') || path === 'package.json') {
      continue
    }
    const isUnread = FILES.test(basename(path)) || FOLDERS.includes(path.split('/')[0] ?? '') || isOther(path, target)
    if (isUnread && !LICENSES.test(basename(path))) {
      rmSync(file)
    }
  }
  removeEmptyFolders(folder)
}

function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      removeEmptyFolders(join(folder, entry.name))
    }
  }
  if (readdirSync(folder).length === 0) {
    rmdirSync(folder)
  }
}

function packagesIn(modules: string): readonly string[] {
  const names = readdirSync(modules).filter((name) => !name.startsWith('.'))
  return names.flatMap((name) => {
    const folder = join(modules, name)
    if (name.startsWith('@')) {
      return packagesIn(folder)
    }
    const own = readdirSync(folder).includes('node_modules') ? packagesIn(join(folder, 'node_modules')) : []
    return [folder, ...own]
  })
}

if (process.argv[1] === import.meta.filename) {
  const { bytesBefore, bytesAfter } = prune(
    process.argv[2] ?? 'node_modules',
    process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64',
  )
  process.stdout.write(
    `node_modules: ${(bytesBefore / 1e6).toFixed(1)} MB, pruned to ${(bytesAfter / 1e6).toFixed(1)} MB\n`,
  )
}
