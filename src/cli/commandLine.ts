// The command line: which command to run, with which arguments; or what is wrong with it.

import { parseArgs } from 'node:util'
import { nearestName } from '../settings/misspelt.ts'
import type { Environment } from '../settings/settings.ts'
import { FLAG_OPTIONS, settingsOfFlags } from './flags.ts'

/** Options of the simulated Asterisk. */
export interface SimulationOptions {
  /** The address to listen on. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly callsPerSecond: number
  readonly seed: number
  /** Whether somebody steals calls. */
  readonly fraud: boolean
}

/** What to run; `invalid` has a sentence for the person who typed it. */
export type CommandLine =
  | { readonly command: 'run' | 'help' | 'version' | 'check-config' | 'doctor' | 'new-log-id' }
  | { readonly command: 'fleet'; readonly action: 'run' | 'check-config' }
  | { readonly command: 'demo' | 'simulate'; readonly simulation: SimulationOptions }
  | { readonly command: 'replay' | 'record' | 'backup'; readonly file: string; readonly json: boolean }
  | { readonly command: 'fleet-init'; readonly since: string | null }
  | { readonly command: 'invalid'; readonly problem: string }

/** The command, and the settings that flags gave. */
export interface ParsedLine {
  readonly line: CommandLine
  readonly settings: Environment
}

/** Usage and meaning of each command, for `--help`. */
export const COMMANDS: readonly (readonly [string, string])[] = [
  ['', 'listen to the Asterisk at ARI_URL, write the call log, serve /metrics and the page'],
  [
    'demo [--rate N] [--seed N] [--fraud]',
    'the same with a simulated Asterisk, N calls a second, and a temporary call log, or one at DB_PATH that is kept; --fraud: somebody steals calls for ten minutes',
  ],
  [
    'simulate [--host ADDRESS] [--port N] [--rate N] [--seed N] [--fraud]',
    'only the simulated Asterisk; it listens on 127.0.0.1 unless --host names another address',
  ],
  [
    'replay FILE [--json]',
    'print the calls in a recording of ARI traffic, as a table or as JSON; trunks by TRUNKS, else by their names',
  ],
  ['record FILE', 'record what the Asterisk at ARI_URL sends, until Ctrl+C; the exporter may be running'],
  ['backup FILE', 'copy the call log at DB_PATH into a new file; the exporter may be running'],
  [
    'fleet',
    'serve the page and the API for many sites, from the central call log at CALL_LOG_SINK and the exporters at FLEET_NODES',
  ],
  [
    'fleet --init [--since YYYY-MM-DD]',
    'make or migrate the tables of the central call log at CALL_LOG_SINK, and partitions for the days to come and since that day',
  ],
  [
    'new-log-id',
    'give the call log at DB_PATH another id, when it is a copy of one that is in use; the exporter must be stopped',
  ],
  ['[fleet] --check-config', 'check the settings and print them without secrets'],
  [
    '--doctor',
    'examine the settings, Asterisk, the call log and the port for half a minute, change nothing, and say what to mend; the exporter may be running',
  ],
  ['--version | --help', ''],
]

const OPTIONS = {
  ...FLAG_OPTIONS,
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  'check-config': { type: 'boolean' },
  doctor: { type: 'boolean' },
  json: { type: 'boolean' },
  host: { type: 'string' },
  port: { type: 'string' },
  rate: { type: 'string' },
  seed: { type: 'string' },
  fraud: { type: 'boolean' },
  init: { type: 'boolean' },
  since: { type: 'string' },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** The commands that take an option; every other one refuses it, because there it has no effect. */
const TAKEN_BY: readonly (readonly [keyof typeof OPTIONS, readonly string[]])[] = [
  ['json', ['replay']],
  ['host', ['simulate']],
  ['port', ['simulate']],
  ['rate', ['demo', 'simulate']],
  ['seed', ['demo', 'simulate']],
  ['fraud', ['demo', 'simulate']],
  ['init', ['fleet']],
  ['since', ['fleet']],
]

const NEEDS_FILE = {
  replay: 'replay needs a file: asterisk-ari-exporter replay FILE.ndjson [--json]',
  record: 'record needs a file to write: asterisk-ari-exporter record FILE.ndjson',
  backup: 'backup needs a file to write: asterisk-ari-exporter backup FILE.db',
} as const

/** `args`: those after the name of the program. */
export function parseCommandLine(args: readonly string[]): ParsedLine {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const flags = settingsOfFlags(values)
    return flags.ok
      ? { line: commandOf(values, positionals), settings: flags.settings }
      : { line: invalid(flags.problem), settings: {} }
  } catch (error) {
    // Node's further sentences are about arguments that begin with a dash.
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\.?\n/)
    return { line: invalid(`${first}: ${nearestOption(first) ?? 'see --help'}`), settings: {} }
  }
}

// Node's sentence is "Unknown option '--name'".
function nearestOption(sentence: string): string | null {
  const unknown = /^Unknown option '--([^']+)'/.exec(sentence)?.[1]
  if (unknown === undefined) {
    return null
  }
  const names = Object.keys(OPTIONS)
  const longer = names.find((name) => unknown.includes('.') && name.startsWith(unknown))
  const nearest = longer ?? nearestName(unknown, names)
  return nearest === null ? null : `did you mean --${nearest}?`
}

function commandOf(flags: Flags, [command, ...operands]: readonly string[]): CommandLine {
  if (flags.help) {
    return { command: 'help' }
  }
  if (flags.version) {
    return { command: 'version' }
  }
  const misplaced = TAKEN_BY.find(
    ([option, commands]) => flags[option] !== undefined && !commands.includes(command ?? ''),
  )
  if (misplaced !== undefined) {
    const [option, commands] = misplaced
    return invalid(`--${option} belongs to ${commands.join(' and ')}: see --help`)
  }
  if (flags.doctor && flags['check-config']) {
    return invalid('--doctor stands alone: it checks the settings, too')
  }
  if (flags['check-config']) {
    return command === 'fleet' ? { command, action: 'check-config' } : { command: 'check-config' }
  }
  if (flags.doctor) {
    return command === undefined
      ? { command: 'doctor' }
      : invalid('--doctor stands alone: asterisk-ari-exporter --doctor')
  }
  switch (command) {
    case undefined:
      return { command: 'run' }
    case 'fleet':
      return refuseExtra(command, operands) ?? fleetOf(flags)
    case 'demo':
    case 'simulate':
      return refuseExtra(command, operands) ?? simulationOf(command, flags)
    case 'new-log-id':
      return refuseExtra(command, operands) ?? { command }
    case 'replay':
    case 'record':
    case 'backup': {
      const [file, ...others] = operands
      if (file === undefined) {
        return invalid(NEEDS_FILE[command])
      }
      return refuseExtra(command, others) ?? { command, file, json: flags.json === true }
    }
    default:
      return invalid(`"${command}" is not a command of this program: see --help`)
  }
}

function fleetOf({ init, since }: Flags): CommandLine {
  if (!init) {
    return since === undefined
      ? { command: 'fleet', action: 'run' }
      : invalid('--since belongs to fleet --init: asterisk-ari-exporter fleet --init --since 2026-01-31')
  }
  return since === undefined || isDay(since)
    ? { command: 'fleet-init', since: since ?? null }
    : invalid(`--since is "${since}": give a day such as 2026-01-31`)
}

// A day that does not exist, such as 2026-02-30, is taken for another one.
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return at >= 0 && new Date(at).toISOString().slice(0, 10) === text
}

function refuseExtra(command: string, [unexpected]: readonly string[]): CommandLine | null {
  return unexpected === undefined
    ? null
    : invalid(`"${unexpected}" is one argument too many for ${command}: see --help`)
}

function simulationOf(command: 'demo' | 'simulate', flags: Flags): CommandLine {
  const port = numberOf(flags.port, 0)
  const callsPerSecond = numberOf(flags.rate, 2)
  const seed = numberOf(flags.seed, 1)
  if (port === null || !Number.isInteger(port) || port > 65_535) {
    return invalid(`--port is "${flags.port}": give a port number, or 0 for any free one`)
  }
  if (callsPerSecond === null) {
    return invalid(`--rate is "${flags.rate}": give a number of calls a second, 0 or greater`)
  }
  if (seed === null) {
    return invalid(`--seed is "${flags.seed}": give a number, 0 or greater`)
  }
  return {
    command,
    simulation: { host: flags.host ?? '127.0.0.1', port, callsPerSecond, seed, fraud: flags.fraud === true },
  }
}

function numberOf(text: string | undefined, fallback: number): number | null {
  if (text === undefined) {
    return fallback
  }
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : null
}

function invalid(problem: string): CommandLine {
  return { command: 'invalid', problem }
}
