// Makes every attack of the list on the built program, one after the other, and prints a table of how they went.
//
//   npm run build && npm run adversary      about six minutes; an ordinary user suffices
//   npm run adversary -- 7 12               only the attacks of these points
//   PROGRAM=/path/dist/main.js              another build to compare with
//
// Ends with 1 when an attack was not held, a call was lost or doubled, the session with the simulated PBX ended, or memory stayed
// more than a tenth above what it was. Linux only: it reads /proc. Leaves nothing behind.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runAdversary } from './adversary.ts'
import { ATTACKS } from './attacks.ts'
import { faultsOf, markdownTable, summary, textTable } from './table.ts'

const main = process.env['PROGRAM'] ?? fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
if (!existsSync(main)) {
  say(`${main} is missing, and it is what is attacked: npm run build`)
  process.exit(1)
}
const points = process.argv.slice(2).map(Number)

// All that is made on the way lies in one folder, which goes at the end, however that comes.
const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-adversary-'))
process.env['TMPDIR'] = folder
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => process.exit(1))
}

const result = await runAdversary({
  main,
  attacks: ATTACKS.filter(({ point }) => points.length === 0 || points.includes(point)),
  callsPerSecond: 20,
  known: 50_000,
  warmUpMs: 30_000,
  restMs: 60_000,
  say: (line) => say(`${new Date().toISOString().slice(11, 19)} ${line}`),
})
const faults = faultsOf(result)
say(['', process.env['MARKDOWN'] ? markdownTable(result.rows) : textTable(result.rows), '', summary(result)].join('\n'))
for (const fault of faults.slice(0, 50)) {
  say(`  ${fault}`)
}
process.exit(faults.length === 0 ? 0 : 1)

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
