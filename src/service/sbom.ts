// The list of all parts of a package (SBOM, CycloneDX): what npm says of the installed packages, with the Node.js that comes with
// them and the packages that are built into the page. Without what differs between two builds: a random number and a time.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Architecture, NODE_BINARIES, NODE_VERSION } from './nodeBinary.ts'

/** devDependencies whose code the build puts into the page. */
const IN_THE_PAGE: readonly string[] = ['uplot']

interface Bom {
  serialNumber: string
  readonly metadata: { timestamp: string; readonly component: { type: string; name: string; version: string } }
  readonly components: object[]
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version: string; readonly license?: string; readonly integrity: string }>
  >
}

export interface SbomOptions {
  readonly version: string
  readonly architecture: Architecture
  readonly seconds: number
}

/** The SBOM as text. `folder` has package.json and package-lock.json. */
export function sbom(folder: string, { version, architecture, seconds }: SbomOptions): string {
  const order = ['sbom', '--omit=dev', '--package-lock-only', '--sbom-format=cyclonedx', '--loglevel=error']
  const bom: Bom = JSON.parse(execFileSync('npm', order, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 }))
  const { packages }: Lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
  const { npmPackage, sha256 } = NODE_BINARIES[architecture]
  bom.components.push(
    {
      'bom-ref': `${npmPackage}@${NODE_VERSION}`,
      type: 'application',
      name: 'node',
      version: NODE_VERSION,
      purl: `pkg:npm/${npmPackage}@${NODE_VERSION}`,
      hashes: [{ alg: 'SHA-256', content: sha256 }],
      licenses: [{ license: { id: 'MIT' } }],
    },
    ...IN_THE_PAGE.map((name) => {
      const { version: found, license, integrity } = packages[`node_modules/${name}`] ?? missing(name)
      const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex')
      return {
        'bom-ref': `${name}@${found}`,
        type: 'library',
        name,
        version: found,
        purl: `pkg:npm/${name}@${found}`,
        hashes: [{ alg: 'SHA-512', content }],
        licenses: license === undefined ? [] : [{ license: { id: license } }],
      }
    }),
  )
  Object.assign(bom.metadata.component, { type: 'application', name: 'asterisk-ari-exporter', version })
  bom.metadata.timestamp = new Date(seconds * 1000).toISOString()
  bom.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(bom.components))}`
  return `${JSON.stringify(bom, null, 2)}\n`
}

function missing(name: string): never {
  throw new Error(`${name} is not in package-lock.json`)
}

// Version 8 of RFC 9562: a UUID of one's own making.
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
