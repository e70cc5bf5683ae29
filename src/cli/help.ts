// What `--help` prints: the commands, and every setting from the one list that the program reads.

import { SETTINGS } from '../settings/settings.ts'

const COMMANDS: readonly (readonly [string, string])[] = [
  ['asterisk-ari-exporter', 'listen to the Asterisk of ARI_URL, keep the call log, serve /metrics'],
  [
    'asterisk-ari-exporter demo [--rate N] [--seed N]',
    'the same against a simulated Asterisk and a temporary call log',
  ],
  ['asterisk-ari-exporter simulate [--port N] [--rate N] [--seed N]', 'only the simulated Asterisk: N calls a second'],
  ['asterisk-ari-exporter replay FILE [--json]', 'what a recording of ARI traffic means, as a table or JSON'],
  ['asterisk-ari-exporter record FILE', 'write what the Asterisk of ARI_URL sends into a recording, until Ctrl+C'],
  ['asterisk-ari-exporter backup FILE', 'copy the call log of DB_PATH into a new file, while it is written'],
  ['asterisk-ari-exporter --check-config', 'read the settings, show them without secrets, and end'],
  ['asterisk-ari-exporter --version | --help', ''],
]

function settingLine({ name, fallback, meaning }: (typeof SETTINGS)[number]): string {
  const shown = fallback === '' ? meaning : `${meaning} (${fallback})`
  return `  ${name.padEnd(24)} ${shown.replaceAll('`', '')}`
}

export const HELP = [
  'Every call of an Asterisk PBX in a SQLite call log and in Prometheus metrics, heard over ARI.',
  '',
  ...COMMANDS.flatMap(([usage, meaning]) => [`  ${usage}`, ...(meaning ? [`      ${meaning}`] : [])]),
  '',
  'Settings, from the environment or a .env file in this folder:',
  '',
  ...SETTINGS.map(settingLine),
].join('\n')
