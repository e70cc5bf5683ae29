// The command line becomes a command with its arguments, or one sentence about what is wrong.

import { expect, test } from 'vitest'
import { parseCommandLine } from '../../../src/cli/commandLine.ts'
import { FLAGS } from '../../../src/cli/flags.ts'
import { HELP } from '../../../src/cli/help.ts'

const DEFAULTS = { host: '127.0.0.1', port: 0, callsPerSecond: 2, seed: 1, fraud: false }

test.each([
  ['', { command: 'run' }],
  ['--help', { command: 'help' }],
  ['demo -h', { command: 'help' }],
  ['-v', { command: 'version' }],
  ['--check-config', { command: 'check-config' }],
  ['--doctor', { command: 'doctor' }],
  ['fleet', { command: 'fleet', action: 'run' }],
  ['fleet --check-config', { command: 'fleet', action: 'check-config' }],
  ['demo', { command: 'demo', simulation: DEFAULTS }],
  ['demo --rate 0.5 --seed=7', { command: 'demo', simulation: { ...DEFAULTS, callsPerSecond: 0.5, seed: 7 } }],
  ['demo --fraud', { command: 'demo', simulation: { ...DEFAULTS, fraud: true } }],
  ['simulate --port 8088', { command: 'simulate', simulation: { ...DEFAULTS, port: 8088 } }],
  ['simulate --host 0.0.0.0', { command: 'simulate', simulation: { ...DEFAULTS, host: '0.0.0.0' } }],
  ['replay calls.ndjson', { command: 'replay', file: 'calls.ndjson', json: false }],
  ['replay --json calls.ndjson', { command: 'replay', file: 'calls.ndjson', json: true }],
  ['record calls.ndjson', { command: 'record', file: 'calls.ndjson', json: false }],
  ['fleet --init', { command: 'fleet-init', since: null }],
  ['fleet --init --since 2026-01-31', { command: 'fleet-init', since: '2026-01-31' }],
  ['new-log-id', { command: 'new-log-id' }],
  ['backup copy.db', { command: 'backup', file: 'copy.db', json: false }],
])('reads "%s"', (text, expected) => {
  expect(parseCommandLine(text.split(' ').filter(Boolean))).toEqual({ line: expected, settings: {} })
})

test.each([
  ['dance', '"dance" is not a command of this program: see --help'],
  ['replay', 'replay needs a file: asterisk-ari-exporter replay FILE.ndjson [--json]'],
  ['record', 'record needs a file to write: asterisk-ari-exporter record FILE.ndjson'],
  ['fleet --doctor', '--doctor stands alone: asterisk-ari-exporter --doctor'],
  [
    'fleet --since 2026-01-31',
    '--since belongs to fleet --init: asterisk-ari-exporter fleet --init --since 2026-01-31',
  ],
  ['fleet --init --since 2026-02-30', '--since is "2026-02-30": give a day such as 2026-01-31'],
  ['fleet --init --since May', '--since is "May": give a day such as 2026-01-31'],
  ['fleet --init --since 2026', '--since is "2026": give a day such as 2026-01-31'],
  ['fleet --init now', '"now" is one argument too many for fleet: see --help'],
  ['backup', 'backup needs a file to write: asterisk-ari-exporter backup FILE.db'],
  ['new-log-id x', '"x" is one argument too many for new-log-id: see --help'],
  ['replay one two', '"two" is one argument too many for replay: see --help'],
  ['fleet now', '"now" is one argument too many for fleet: see --help'],
  ['--init', '--init belongs to fleet: see --help'],
  ['--port 8080', '--port belongs to simulate: see --help'],
  ['demo --port 8080', '--port belongs to simulate: see --help'],
  ['fleet --host 0.0.0.0', '--host belongs to simulate: see --help'],
  ['--rate 5', '--rate belongs to demo and simulate: see --help'],
  ['record --fraud calls.ndjson', '--fraud belongs to demo and simulate: see --help'],
  ['backup --json copy.db', '--json belongs to replay: see --help'],
  ['new-log-id --since 2026-01-31', '--since belongs to fleet: see --help'],
  ['--check-config --seed 1', '--seed belongs to demo and simulate: see --help'],
  ['--check-config --doctor', '--doctor stands alone: it checks the settings, too'],
  ['demo now', '"now" is one argument too many for demo: see --help'],
  ['--loud', "Unknown option '--loud': see --help"],
  ['simulate --port', "Option '--port <value>' argument missing: see --help"],
  ['simulate --seed -1', "Option '--seed' argument is ambiguous: see --help"],
  ['simulate --port 65536', '--port is "65536": give a port number, or 0 for any free one'],
  ['simulate --port 1.5', '--port is "1.5": give a port number, or 0 for any free one'],
  ['demo --rate=', '--rate is "": give a number of calls a second, 0 or greater'],
  ['demo --rate many', '--rate is "many": give a number of calls a second, 0 or greater'],
  ['demo --seed=-1', '--seed is "-1": give a number, 0 or greater'],
])('refuses "%s"', (text, problem) => {
  expect(parseCommandLine(text.split(' '))).toEqual({ line: { command: 'invalid', problem }, settings: {} })
})

test.each([
  ['--web.listen-address=:9100', { HTTP_HOST: '0.0.0.0', HTTP_PORT: '9100' }],
  ['--web.listen-address 127.0.0.1:9100', { HTTP_HOST: '127.0.0.1', HTTP_PORT: '9100' }],
  ['--web.listen-address=[::1]:9100', { HTTP_HOST: '::1', HTTP_PORT: '9100' }],
  ['--web.listen-address=pbx.example.org:9100', { HTTP_HOST: 'pbx.example.org', HTTP_PORT: '9100' }],
  ['--web.config.file=/etc/web.yml', { WEB_CONFIG_FILE: '/etc/web.yml' }],
  ['--web.config.file=', { WEB_CONFIG_FILE: '' }],
  ['--log.level=debug --log.format json', { LOG_LEVEL: 'debug', LOG_FORMAT: 'json' }],
  ['--web.telemetry-path=/metrics', {}],
])('takes settings from "%s"', (text, settings) => {
  expect(parseCommandLine(text.split(' '))).toEqual({ line: { command: 'run' }, settings })
  expect(parseCommandLine(['fleet', '--check-config', ...text.split(' ')])).toEqual({
    line: { command: 'fleet', action: 'check-config' },
    settings,
  })
})

const ADDRESS = 'give a host and a port from 1 to 65535, such as 127.0.0.1:9745, [::1]:9745 or :9745'

test.each([
  ['--web.listen-address=9100', `--web.listen-address is "9100": ${ADDRESS}`],
  ['--web.listen-address=:0', `--web.listen-address is ":0": ${ADDRESS}`],
  ['--web.listen-address=:65536', `--web.listen-address is ":65536": ${ADDRESS}`],
  ['--web.listen-address=::1:9100', `--web.listen-address is "::1:9100": ${ADDRESS}`],
  ['--web.listen-address=http://h:9100', `--web.listen-address is "http://h:9100": ${ADDRESS}`],
  ['--log.format=logfmt', '--log.format is "logfmt": give one of: auto, pretty, json'],
  ['--log.level=loud', '--log.level is "loud": give one of: fatal, error, warn, info, debug, trace, silent'],
  ['--web.telemetry-path=/m', '--web.telemetry-path is not supported: metrics are at /metrics'],
  ['--web.listen-adress=:9100', "Unknown option '--web.listen-adress': did you mean --web.listen-address?"],
  ['--web.config=web.yml', "Unknown option '--web.config': did you mean --web.config.file?"],
  ['--log.levle=debug', "Unknown option '--log.levle': did you mean --log.level?"],
  ['--doktor', "Unknown option '--doktor': did you mean --doctor?"],
  ['--collector.disable-defaults', "Unknown option '--collector.disable-defaults': see --help"],
])('refuses the flag "%s"', (text, problem) => {
  expect(parseCommandLine([text]).line).toEqual({ command: 'invalid', problem })
})

test('--help shows each flag', () => {
  for (const [usage] of FLAGS) {
    expect(HELP).toContain(`  ${usage} `)
  }
})
