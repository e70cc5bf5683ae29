// Writes the files that follow from the rules of Prometheus: `npm run rules`.

import { mkdirSync, writeFileSync } from 'node:fs'
import { filesOfRules } from './files.ts'

const ROOT = new URL('../../', import.meta.url)

for (const { path, text } of filesOfRules()) {
  const file = new URL(path, ROOT)
  mkdirSync(new URL('.', file), { recursive: true })
  writeFileSync(file, text)
  process.stdout.write(`${path}\n`)
}
