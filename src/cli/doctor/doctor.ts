// `--doctor`: what is configured, what Asterisk tells and what it does not, and which figures stay empty. Changes nothing.
//
// Each finding says what to do. It ends by itself: every request has a deadline, and so has the whole.

import { setTimeout as sleep } from 'node:timers/promises'
import type { ExporterOptions } from '../../app/exporterOptions.ts'
import { openRememberedQueues } from '../../app/rememberedQueues.ts'
import { parseAriUrl } from '../../ari/rest/ariUrl.ts'
import { type AsteriskFound, askAsterisk } from './asterisk.ts'
import { asteriskFindings, connectionFindings } from './asteriskFindings.ts'
import { readCallLog } from './callLogFindings.ts'
import { endpointFindings } from './endpointFindings.ts'
import { figureFindings } from './figureFindings.ts'
import { type Finding, fault, ok } from './finding.ts'
import { checkHttp } from './httpFindings.ts'

export interface DoctorOptions {
  readonly config: ExporterOptions
  /** Lines such as `NAME=value`, without secrets. */
  readonly configured: readonly string[]
  /** Default 10 s. */
  readonly listenMs?: number
}

const LISTEN_MS = 10_000
const ALL_WITHIN_MS = 90_000

/** All findings, in the order in which they are printed. */
export async function examine(options: DoctorOptions): Promise<readonly Finding[]> {
  const late = sleep(ALL_WITHIN_MS, null, { ref: false }).then(() => [
    fault('doctor', `not finished within ${ALL_WITHIN_MS / 1000} s: Asterisk answers too slowly`, 'check its load'),
  ])
  return await Promise.race([examineAll(options), late])
}

async function examineAll({ config, configured, listenMs = LISTEN_MS }: DoctorOptions): Promise<readonly Finding[]> {
  const callLog = readCallLog(config.callLog.path)
  const web = await checkHttp(config)
  const asterisk = await askAsterisk({ ...config, listenMs })
  const settings = {
    ...config.ari,
    url: parseAriUrl(config.ari.url)?.rest ?? 'ARI_URL',
    hasTrunks: config.calls.trunks.length > 0,
  }
  const local = [...callLog.findings, ...web.findings]
  const given =
    configured.length > 0 ? configured.map((line) => ok('setting', line)) : [ok('setting', 'all by default')]
  if (!asterisk.ok) {
    return [...given, ...connectionFindings(asterisk, settings), ...local]
  }
  const { found } = asterisk
  return [
    ...given,
    ...asteriskFindings(found, settings, web.isExporterRunning),
    ...endpointFindings(found.endpoints, config.calls),
    ...local,
    ...figureFindings({ found, config, queues: queuesKnown(config, found, callLog.file?.calls?.queues ?? []) }),
  ]
}

function queuesKnown(config: ExporterOptions, { events }: AsteriskFound, logged: readonly string[]): readonly string[] {
  const remembered = openRememberedQueues(config.callLog.path).earlier ?? []
  return [...new Set([...logged, ...(events?.queues ?? []), ...remembered.map(({ queue }) => queue)])]
}
