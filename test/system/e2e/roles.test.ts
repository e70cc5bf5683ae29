// Which endpoints are trunks, found on a real Asterisk with the configurations of three products, with a read-only user and TRUNKS unset.
//
// Calls come in from the addresses of trunks and go out from phones that log in; nobody answers them, which settles their direction all the same.

import { mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { PRODUCTS, type Product } from '../../unit/endpoint/products.ts'
import { CallLogRows } from './callLogRows.ts'
import { databaseIn, type Exporter, isComplaint, startExporter } from './exporter.ts'
import { startAsterisk, stopAsterisk, untilQuiet } from './lab/asterisk.ts'
import { ACCESS, PLACE, PORTS } from './lab/place.ts'
import { refusedCall } from './lab/refusedCall.ts'

/** The phone that calls out and the trunk that it calls by; the trunk that calls in, and from where; the contexts of both. */
const CALLS: Readonly<Record<string, Calls>> = {
  FreePBX: {
    out: ['anna', '74951234567', 'from-internal'],
    in: ['74951234567', '127.0.0.11', 'from-pstn'],
  },
  IssabelPBX: { out: ['boris', '88005550100', 'from-internal'], in: ['gateway', '127.0.0.22', 'from-trunk'] },
  MikoPBX: {
    out: ['vera', 'SIP-1611151795', 'all_peers'],
    in: ['SIP-1611151795', '127.0.0.31', 'SIP-1611151795-incoming'],
  },
}

interface Calls {
  readonly out: readonly [phone: string, trunk: string, context: string]
  readonly in: readonly [trunk: string, address: string, context: string]
}

interface Listed {
  readonly res_prometheus: boolean | null
  readonly endpoints: readonly {
    readonly endpoint: string
    readonly technology: string
    readonly role: string
    readonly decided_by: string
    readonly certainty: string
  }[]
}

const MODULES = ['res_pjsip_outbound_registration', 'res_pjsip_outbound_authenticator_digest', 'app_verbose']

/** Only a hang takes as long. */
const LATEST = { timeout: 60_000, interval: 50 }

let exporter: Exporter | null = null

afterEach(async () => {
  await exporter?.stop()
  exporter = null
  await stopAsterisk()
})

describe.each(PRODUCTS.filter(({ name }) => name in CALLS))('$name', (product) => {
  test('every role is right, and so are the directions of its first calls', async () => {
    const calls = CALLS[product.name]
    if (calls === undefined) {
      return
    }
    await startAsterisk(configurationOf(product, calls))
    const { folder, listed } = await start(product.name)
    expect(rolesIn(await listed())).toEqual(
      Object.entries(product.roles)
        .map(([endpoint, [role, certainty]]) => `${endpoint} ${role} ${certainty}`)
        .sort(),
    )
    const [phone] = calls.out
    const [, address] = calls.in
    await refusedCall({ address: '127.0.0.1', user: phone, to: '0401234567', password: 'lab' })
    await refusedCall({ address, user: '0409998877', to: '5550100', password: null })
    await untilQuiet()
    const rows = new CallLogRows(databaseIn(folder))
    await expect.poll(() => rows.ended()).toBe(2)
    expect(rows.calls().map((row) => [row.direction, row.trunk, row.missed])).toEqual([
      ['outbound', calls.out[1], 0],
      ['inbound', calls.in[0], 1],
    ])
    rows.close()
    const { res_prometheus: resPrometheus } = await listed()
    expect(resPrometheus).toBe(false)
    expect(exporter?.lines.filter(isComplaint)).toEqual([expect.stringContaining('read-only')])
  })
})

// Three hundred phones: those that are not read within two seconds have the role of their names meanwhile.
test('phones and trunks of the other tests are told apart too, without a doubt', async () => {
  await startAsterisk()
  const { listed } = await start('lab')
  const ofConfiguration = async () => (await listed()).endpoints.filter(({ decided_by: by }) => by === 'configuration')
  await expect.poll(async () => (await ofConfiguration()).length, LATEST).toBeGreaterThan(20)
  const known = await ofConfiguration()
  const right = known.map(({ endpoint }) => `${endpoint} ${/^\d+$/.test(endpoint) ? 'phone' : 'trunk'} sure`)
  expect(rolesIn({ endpoints: known })).toEqual(right.sort())
})

/** Starts the exporter as a read-only user. */
async function start(name: string): Promise<{ readonly folder: string; readonly listed: () => Promise<Listed> }> {
  const folder = mkdtempSync(join(PLACE.run, `roles-${name}-`))
  const started = await startExporter({ user: ACCESS.readOnlyUser, folder })
  exporter = started
  const listed = async (): Promise<Listed> => (await (await fetch(`${started.url}/api/endpoints`)).json()) as Listed
  return { folder, listed }
}

function rolesIn({ endpoints }: Pick<Listed, 'endpoints'>): readonly string[] {
  const told = endpoints.filter(({ technology }) => technology === 'PJSIP')
  return told.map(({ endpoint, role, certainty }) => `${endpoint} ${role} ${certainty}`).sort()
}

function configurationOf({ pjsip }: Product, calls: Calls): Readonly<Record<string, string>> {
  const modules = readFileSync(join(import.meta.dirname, 'lab/etc/modules.conf'), 'utf8')
  const [phone, trunk, internal] = calls.out
  const [, , outside] = calls.in
  return {
    'modules.conf': `${modules}\n${MODULES.map((name) => `load = ${name}.so`).join('\n')}\n`,
    'pjsip.conf': [
      '[global]\ntype = global\nendpoint_identifier_order = ip,username,anonymous',
      `[0.0.0.0-udp]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:${PORTS.sip}`,
      pjsip,
    ].join('\n'),
    'extensions.conf': [
      `[${internal}]\nexten => _X.,1,Dial(PJSIP/\${EXTEN}@${trunk},1)\n same => n,Hangup(21)`,
      `[${outside}]\nexten => _X.,1,Dial(PJSIP/${phone},1)\n same => n,Hangup(21)`,
      '',
    ].join('\n'),
  }
}
