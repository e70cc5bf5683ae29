// One run of the built program beside a real Asterisk: scenarios are played at once, and what both wrote down is gathered.
//
// It knows nothing of what the scenarios mean; the tests judge.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Records } from './asteriskRecords.ts'
import { CallLogRows } from './callLogRows.ts'
import { recordedCalls } from './cdr.ts'
import { Cel } from './cel.ts'
import { databaseIn, type Exporter, startExporter } from './exporter.ts'
import { hangUpAll, startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { Phones } from './lab/phones/phones.ts'
import { ACCESS, PLACE, PORTS } from './lab/place.ts'
import { queueStays } from './queueLog.ts'

/** One scenario begins that long after the other. */
const SPREAD_MS = 60

interface ListedEndpoint {
  readonly endpoint: string
  readonly decided_by: string
}

export class Session {
  readonly phones: Phones
  readonly exporter: Exporter
  readonly callLog: CallLogRows

  private constructor(phones: Phones, exporter: Exporter, callLog: CallLogRows) {
    this.phones = phones
    this.exporter = exporter
    this.callLog = callLog
  }

  /**
   * Starts Asterisk, the program and the phones. `config`: what Asterisk's configuration holds beside etc/, by file; `settings`: further
   * ones of the program.
   */
  static async open(
    name: string,
    config: Readonly<Record<string, string>> = {},
    user: string = ACCESS.user,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<Session> {
    await startAsterisk(config)
    const folder = mkdtempSync(join(PLACE.run, `${name}-`))
    const exporter = await startExporter({
      user,
      folder,
      settings: { LABEL_LIMIT: '1000', LABEL_LIMIT_PHONES: '2000', ...settings },
    })
    return new Session(await Phones.open(PORTS.phones), exporter, new CallLogRows(databaseIn(folder)))
  }

  /** Resolves when the configuration of these endpoints is known; until then their names decide what is a trunk. */
  async learned(isMeant: (endpoint: string) => boolean): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.exporter.url}/api/endpoints`)
      const { endpoints } = (await answer.json()) as { readonly endpoints: readonly ListedEndpoint[] }
      const meant = endpoints.filter(({ endpoint }) => isMeant(endpoint))
      if (meant.length > 0 && meant.every(({ decided_by: by }) => by === 'configuration')) {
        return
      }
      await sleep(100)
    }
  }

  /** Plays all of them at once; resolves with how each went when Asterisk is quiet again. */
  async play<Scenario, Played>(
    scenarios: readonly Scenario[],
    play: (scenario: Scenario) => Promise<Played>,
  ): Promise<Map<Scenario, PromiseSettledResult<Played>>> {
    const results = await Promise.allSettled(
      scenarios.map(async (scenario, index) => {
        await sleep(index * SPREAD_MS)
        return play(scenario)
      }),
    )
    const failed = results.some(({ status }) => status === 'rejected')
    // A script that failed leaves its calls open; its own result reports that.
    await untilQuiet().catch((left: unknown) => (failed ? hangUpAll() : Promise.reject(left)))
    return new Map(
      scenarios.flatMap((scenario, index) => results.slice(index, index + 1).map((one) => [scenario, one])),
    )
  }

  /** What Asterisk wrote down itself, once it has. */
  async records(): Promise<Records> {
    await sleep(1_000)
    const cel = new Cel()
    const cdr = new Map(recordedCalls(cel).map((call) => [call.id, call]))
    return { cel, cdr, queueStays: queueStays() }
  }

  async close(): Promise<void> {
    this.phones.close()
    this.callLog.close()
    await this.exporter.stop()
    await stopAsterisk()
  }
}
