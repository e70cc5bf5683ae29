// What `--help` prints: the commands, and every setting of the list that the program reads.

import { SETTING_GROUPS, type Setting } from '../settings/settings.ts'

const COMMANDS: readonly (readonly [string, string])[] = [
  ['asterisk-ari-exporter', 'listen to the Asterisk at ARI_URL, write the call log, serve /metrics and the page'],
  [
    'asterisk-ari-exporter demo [--rate N] [--seed N]',
    'the same with a simulated Asterisk and a temporary call log; N calls a second',
  ],
  ['asterisk-ari-exporter simulate [--port N] [--rate N] [--seed N]', 'only the simulated Asterisk'],
  [
    'asterisk-ari-exporter replay FILE [--json]',
    'print the calls in a recording of ARI traffic, as a table or as JSON',
  ],
  ['asterisk-ari-exporter record FILE', 'record what the Asterisk at ARI_URL sends, until Ctrl+C'],
  ['asterisk-ari-exporter backup FILE', 'copy the call log at DB_PATH into a new file; the exporter may be running'],
  ['asterisk-ari-exporter --check-config', 'check the settings and print them without secrets'],
  ['asterisk-ari-exporter --version | --help', ''],
]

const NAME_WIDTH = 26
const WIDTH = 100

export const HELP = [
  'Writes every call of an Asterisk PBX into a SQLite call log and Prometheus metrics, from the events of ARI.',
  '',
  ...COMMANDS.flatMap(([usage, meaning]) => [`  ${usage}`, ...(meaning ? [`      ${meaning}`] : [])]),
  '',
  'Settings, from the environment or from a .env file in the working directory:',
  ...SETTING_GROUPS.flatMap((settings) => ['', ...settings.flatMap(settingLines)]),
].join('\n')

function settingLines(setting: Setting): string[] {
  const meaning = setting.description.replaceAll('`', '')
  const text = setting.default === undefined ? meaning : `${meaning} (default ${setting.default})`
  return wrapped(text, WIDTH - NAME_WIDTH - 3).map(
    (line, index) => `  ${(index === 0 ? setting.name : '').padEnd(NAME_WIDTH)} ${line}`,
  )
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`
    } else {
      lines.push(word)
    }
  }
  return lines
}
