// Writes grafana/dashboards/*.json from the boards: `npm run dashboards`.
//
// The output depends only on the sources. Files without a board are removed.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { boards, fileOf } from './boards.ts'

const FOLDER = new URL('dashboards/', import.meta.url)

mkdirSync(FOLDER, { recursive: true })
const files = boards().map(fileOf)
for (const name of readdirSync(FOLDER)) {
  if (!files.some((file) => file.name === name)) {
    rmSync(new URL(name, FOLDER))
  }
}
for (const { name, text } of files) {
  writeFileSync(new URL(name, FOLDER), text)
}
process.stdout.write(`${files.length} boards written\n`)
