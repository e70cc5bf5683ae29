// What `--help` prints: the commands, and every setting of the list that the program reads.

import { SETTING_GROUPS, type Setting } from '../settings/settings.ts'
import { COMMANDS } from './commandLine.ts'
import { FLAGS } from './flags.ts'

const NAME_WIDTH = 26
const FLAG_WIDTH = 34
const WIDTH = 100

export const HELP = [
  'Writes every call of an Asterisk PBX into a SQLite call log and Prometheus metrics, from the events of ARI.',
  '',
  ...COMMANDS.flatMap(commandLines),
  '',
  'Flags, as Prometheus exporters have them; each wins over the setting that it stands for:',
  '',
  ...FLAGS.map(([usage, meaning]) => `  ${usage.padEnd(FLAG_WIDTH)} ${meaning}`),
  '',
  'Settings, from the environment or from a .env file in the working directory:',
  ...SETTING_GROUPS.flatMap((settings) => ['', ...settings.flatMap(settingLines)]),
].join('\n')

function commandLines([usage, meaning]: readonly [string, string]): string[] {
  const line = `  asterisk-ari-exporter ${usage}`.trimEnd()
  return meaning === '' ? [line] : [line, `      ${meaning}`]
}

function settingLines(setting: Setting): string[] {
  const meaning = setting.description.replaceAll('`', '')
  const text = setting.default === undefined ? meaning : `${meaning} (default ${setting.default})`
  return wrapped(text, WIDTH - NAME_WIDTH - 3).map(
    (line, index) => `  ${(index === 0 ? setting.name : '').padEnd(NAME_WIDTH)} ${line}`,
  )
}

/** The text in lines of at most this many characters, unless a word is longer. */
export function wrapped(text: string, width: number): string[] {
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
