// npm run bench: how fast, how large, how late; ratios taken in one run, beside the facts of the machine.
//
// Needs the built program. Exits with 1 when a benchmark failed, with 2 for words that it does not know; a missed goal is reported and is
// not a failure.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { asteriskBench } from './asteriskBench.ts'
import { callbackBench } from './callbackBench.ts'
import { type Benchmark, type Context, LeftOut } from './context.ts'
import { destinationsBench } from './destinationsBench.ts'
import { machineFacts } from './facts.ts'
import { fleetBench } from './fleetBench.ts'
import { countsInstructions } from './instructions.ts'
import { liveBench } from './liveBench.ts'
import { logBench } from './logBench.ts'
import { memoryBench } from './memoryBench.ts'
import { overloadBench } from './overloadBench.ts'
import { pipelineBench } from './pipelineBench.ts'
import { isBenchmarkName, makeReport, mergeReports, type Report, readReport } from './report.ts'
import { BENCHMARK_NAMES, type BenchmarkName, type Figures } from './rows.ts'
import { scrapeBench } from './scrapeBench.ts'
import { socketBench } from './socketBench.ts'
import { markdownTable, textTable } from './table.ts'

const BENCHMARKS: readonly Benchmark[] = [
  pipelineBench,
  callbackBench,
  destinationsBench,
  socketBench,
  liveBench,
  overloadBench,
  scrapeBench,
  memoryBench,
  logBench,
  fleetBench,
  asteriskBench,
]

const USAGE = `\
  npm run bench                            all of it
  npm run bench -- --quick                 rougher, in less than three minutes
  npm run bench -- scrape memory           only these
  npm run bench -- --base DIR              also another built checkout, each benchmark after the same one here
  npm run bench -- --json FILE             where the report goes (default: the system's temporary folder)
  npm run bench -- --markdown [FILE ...]   prints the table of reports that were written, and runs nothing

Benchmarks: ${BENCHMARK_NAMES.join(', ')}.`

const { values: flags, positionals: words } = wordsGiven()
const HERE = join(import.meta.dirname, '../..')
const base = flags.base === undefined ? null : resolve(flags.base)
const path = flags.json ?? join(tmpdir(), 'asterisk-ari-exporter-bench.json')

if (flags.help) {
  say(USAGE)
} else if (flags.markdown) {
  const [first = path, ...others] = words
  say(markdownTable(mergeReports([readReport(first), ...others.map(readReport)])))
} else {
  process.exit(await runAll())
}

/** Ends the process if it does not know them. */
function wordsGiven() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        base: { type: 'string' },
        json: { type: 'string' },
        markdown: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    process.exit(2)
  }
}

async function runAll(): Promise<number> {
  const strange = words.filter((word) => !isBenchmarkName(word))
  if (strange.length > 0) {
    say(`No such benchmark: ${strange.join(', ')}. There are: ${BENCHMARK_NAMES.join(', ')}.`)
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'asterisk-ari-exporter-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(130))
  }
  const machine = machineFacts()
  const begun = Date.now()
  const context: Context = {
    quick: flags.quick === true,
    checkout: HERE,
    countsInstructions: countsInstructions(),
    folder,
    say: progress,
  }
  if (!context.countsInstructions) {
    progress('Instructions are not measured: perf is missing, or this machine does not count them.')
  }
  const found = await runEach(context)
  const report = makeReport(
    {
      machine,
      startedAt: new Date(begun).toISOString(),
      seconds: (Date.now() - begun) / 1000,
      quick: context.quick,
      revision: revision(HERE),
      base: base === null ? null : revision(base),
      skipped: found.skipped,
    },
    found,
  )
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`)
  say(`\n${textTable(report)}\nThe report is in ${path}.`)
  return found.failed ? 1 : 0
}

interface Found {
  readonly figures: Figures
  readonly base: Figures
  readonly ran: readonly BenchmarkName[]
  readonly skipped: Report['skipped']
  readonly failed: boolean
}

async function runEach(context: Context): Promise<Found> {
  // The pipeline has no goals, and is in the quick run only when it is named.
  const usual = BENCHMARKS.filter((benchmark) => !context.quick || benchmark !== pipelineBench)
  const chosen = words.length === 0 ? usual : BENCHMARKS.filter(({ name }) => words.includes(name))
  const figures: Figures = {}
  const baseFigures: Figures = {}
  const skipped: { benchmark: BenchmarkName; why: string }[] = []
  let failed = false
  for (const { name, run, comparesWithBase } of chosen) {
    const begun = Date.now()
    try {
      Object.assign(figures, await run(context))
      if (base !== null && comparesWithBase) {
        progress(`${name}: the base`)
        Object.assign(baseFigures, await run({ ...context, checkout: base }))
      }
      progress(`${name}: done in ${Math.round((Date.now() - begun) / 1000)} s`)
    } catch (error) {
      failed ||= !(error instanceof LeftOut)
      const why = error instanceof Error ? error.message : String(error)
      skipped.push({ benchmark: name, why })
      progress(`${name}: ${why}`)
    }
  }
  return { figures, base: baseFigures, ran: chosen.map(({ name }) => name), skipped, failed }
}

function revision(checkout: string): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: checkout,
      encoding: 'utf8',
    }).trim()
  } catch {
    return 'an unknown revision'
  }
}

function progress(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
