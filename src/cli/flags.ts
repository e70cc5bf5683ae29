// The flags that Prometheus' exporters have, and the settings that each stands for.
//
// A flag wins over the environment, and that over a .env file. Source: github.com/prometheus/exporter-toolkit, flags `web.*`, and the
// flags `log.*` of Prometheus' common library.

import { settingProblem } from '../config.ts'
import { type Environment, SETTINGS, type Setting } from '../settings/settings.ts'

/** For `node:util`'s parseArgs. */
export const FLAG_OPTIONS = {
  'web.listen-address': { type: 'string' },
  'web.config.file': { type: 'string' },
  'web.telemetry-path': { type: 'string' },
  'log.level': { type: 'string' },
  'log.format': { type: 'string' },
} as const

export type FlagValues = { readonly [Name in keyof typeof FLAG_OPTIONS]?: string | undefined }

/** Usage and meaning of each flag, for `--help`. */
export const FLAGS: readonly (readonly [string, string])[] = [
  [
    '--web.listen-address=[HOST]:PORT',
    `${SETTINGS.http.host.name} and ${SETTINGS.http.port.name}; without HOST, all addresses`,
  ],
  ['--web.config.file=FILE', SETTINGS.http.webConfigFile.name],
  ['--log.level=LEVEL', SETTINGS.log.level.name],
  ['--log.format=FORMAT', SETTINGS.log.format.name],
]

export type FlagSettings =
  | { readonly ok: true; readonly settings: Environment }
  | { readonly ok: false; readonly problem: string }

/** As the exporters of Prometheus understand an address without a host. */
const ALL_ADDRESSES = '0.0.0.0'

const METRICS_PATH = '/metrics'

/** The settings that these flags stand for, or what is wrong with the first wrong one. */
export function settingsOfFlags(flags: FlagValues): FlagSettings {
  const path = flags['web.telemetry-path']
  if (path !== undefined && path !== METRICS_PATH) {
    return wrong(`--web.telemetry-path is not supported: metrics are at ${METRICS_PATH}`)
  }
  const address = listenAddress(flags['web.listen-address'])
  if (!address.ok) {
    return address
  }
  const given: Record<string, string> = {}
  for (const [flag, setting] of DIRECT) {
    const value = flags[flag]
    if (value === undefined) {
      continue
    }
    const problem = settingProblem({ [`--${flag}`]: value }, { ...setting, name: `--${flag}` })
    if (problem !== null) {
      return wrong(problem)
    }
    given[setting.name] = value
  }
  return { ok: true, settings: { ...address.settings, ...given } }
}

const DIRECT = [
  ['web.config.file', SETTINGS.http.webConfigFile],
  ['log.level', SETTINGS.log.level],
  ['log.format', SETTINGS.log.format],
] as const satisfies readonly (readonly [keyof FlagValues, Setting])[]

function listenAddress(text: string | undefined): FlagSettings {
  if (text === undefined) {
    return { ok: true, settings: {} }
  }
  const { host: hostSetting, port: portSetting } = SETTINGS.http
  const [, bracketed, plain = '', port = ''] = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d+)$/.exec(text.trim()) ?? []
  if (port === '' || settingProblem({ [portSetting.name]: port }, portSetting) !== null) {
    return wrong(
      `--web.listen-address is "${text}": give a host and a port from 1 to 65535, such as 127.0.0.1:9745, [::1]:9745 or :9745`,
    )
  }
  const host = bracketed ?? (plain === '' ? ALL_ADDRESSES : plain)
  return { ok: true, settings: { [hostSetting.name]: host, [portSetting.name]: port } }
}

function wrong(problem: string): FlagSettings {
  return { ok: false, problem }
}
