// Pruning removes what is never read, for one system, and keeps licenses.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { filesIn, prune, type Target } from '../../../src/service/prune.ts'

const KEPT = [
  'a/package.json',
  'a/index.js',
  'a/LICENSE.md',
  'a/lib/test/run.js',
  '@b/c/package.json',
  '@b/c/data.json',
  'a/node_modules/d/package.json',
  'a/node_modules/d/d.js',
  'better-sqlite3/package.json',
  'better-sqlite3/lib/index.js',
  'node-addon-api/package.json',
  'node-addon-api/LICENSE',
  'libphonenumber-js/package.json',
  'libphonenumber-js/es6/a.js',
  'libphonenumber-js/metadata.max.json',
  'zod/package.json',
  'zod/v4/core/index.js',
]
const REMOVED = [
  'a/index.d.ts',
  'a/index.js.map',
  'a/README.md',
  'a/.eslintrc',
  'a/test/index.js',
  'a/node_modules/d/test/e.js',
  '@b/c/docs/c.js',
  'better-sqlite3/deps/sqlite3/sqlite3.c',
  'better-sqlite3/src/addon.cpp',
  'better-sqlite3/binding.gyp',
  'better-sqlite3/prebuilds/darwin-arm64.node',
  'node-addon-api/napi.h',
  'libphonenumber-js/bundle/libphonenumber-js.js',
  'libphonenumber-js/min/index.cjs',
  'zod/src/index.ts',
  'zod/v4/core/index.cjs',
  '.package-lock.json',
  '.bin/a',
]

test.each<[Target, string]>([
  ['linux-x64', 'linux-arm64'],
  ['linux-arm64', 'linux-x64'],
])('for %s', (target, other) => {
  const modules = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-prune-'))
  const binary = (system: string) => `better-sqlite3/prebuilds/${system}.node`
  const kept = [...KEPT, binary(target)]
  for (const path of [...kept, ...REMOVED, binary(other)]) {
    mkdirSync(join(modules, dirname(path)), { recursive: true })
    writeFileSync(join(modules, path), 'x')
  }
  const { bytesBefore, bytesAfter } = prune(modules, target)
  expect(filesIn(modules).map((path) => relative(modules, path))).toEqual(kept.toSorted())
  expect([bytesBefore, bytesAfter]).toEqual([kept.length + REMOVED.length + 1, kept.length])
})
