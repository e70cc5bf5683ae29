// Writes grafana/dashboards/*.json and grafana/gallery/*.json from the boards: `npm run dashboards`.
//
// The output depends only on the sources. Files without a board are removed.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { boards, fileOf } from './boards.ts'
import { forImport } from './gallery.ts'

write('dashboards/', boards().map(fileOf))
write('gallery/', boards().map(forImport).map(fileOf))

function write(path: string, files: readonly ReturnType<typeof fileOf>[]): void {
  const folder = new URL(path, import.meta.url)
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) {
    if (!files.some((file) => file.name === name)) {
      rmSync(new URL(name, folder))
    }
  }
  for (const { name, text } of files) {
    writeFileSync(new URL(name, folder), text)
  }
  process.stdout.write(`${files.length} boards written to ${path}\n`)
}
