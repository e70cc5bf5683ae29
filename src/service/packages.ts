// Makes the Debian packages and the archives: npm run packages [-- --arch amd64] [--version 1.2.3] [--out FOLDER]
//
// Needs Linux, git, npm, tar and dpkg-deb, and the program as `npm run build` leaves it. The same commit gives the same bytes.

import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { normalize, writeChecksums, writeDeb, writeTarGz } from './archives.ts'
import { type Architecture, NODE_BINARIES, nodeFolder } from './nodeBinary.ts'
import { bytesIn, filesIn, prune } from './prune.ts'
import { sbom } from './sbom.ts'

const NAME = 'asterisk-ari-exporter'
const HERE = import.meta.dirname
const ROOT = join(HERE, '../..')
const ARCHITECTURES: readonly Architecture[] = ['amd64', 'arm64']
const MAINTAINER = `${NAME} authors <${NAME}@localhost>`
const MB = 1e6

interface Build {
  readonly version: string
  readonly revision: string
  /** Of the commit, since 1970. */
  readonly seconds: number
  readonly out: string
  /** A temporary folder. */
  readonly work: string
}

function run(command: string, args: readonly string[], cwd: string = ROOT): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** The packages that the program needs, as package-lock.json has them; not pruned yet. */
function installModules(work: string): string {
  const folder = join(work, 'modules')
  mkdirSync(folder)
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(join(ROOT, file), join(folder, file))
  }
  run(
    'npm',
    ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
    folder,
  )
  return folder
}

/** Fills `prefix` with what goes into /usr or, of the archive, into its folder. */
function stageProgram(prefix: string, architecture: Architecture, { work, version }: Build): void {
  const lib = join(prefix, 'lib', NAME)
  mkdirSync(join(lib, 'bin'), { recursive: true })
  mkdirSync(join(prefix, 'bin'))
  const node = nodeFolder(ROOT, architecture, work)
  cpSync(join(node, 'bin/node'), join(lib, 'bin/node'))
  cpSync(join(node, 'LICENSE'), join(lib, 'LICENSE.node'))
  cpSync(join(ROOT, 'LICENSE'), join(lib, 'LICENSE'))
  cpSync(join(ROOT, 'dist'), join(lib, 'dist'), { recursive: true })
  cpSync(join(work, 'modules/node_modules'), join(lib, 'node_modules'), { recursive: true })
  const { bytesBefore, bytesAfter } = prune(join(lib, 'node_modules'), NODE_BINARIES[architecture].target)
  say(`${architecture}: node_modules ${(bytesBefore / MB).toFixed(1)} MB, pruned to ${(bytesAfter / MB).toFixed(1)} MB`)
  const { name, type, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  writeFileSync(join(lib, 'package.json'), `${JSON.stringify({ name, version, type, license }, null, 2)}\n`)
  copyFileSync(join(HERE, 'service.env'), join(lib, 'service.env'))
  copyFileSync(join(HERE, NAME), join(prefix, 'bin', NAME))
}

/** Boards, rules and documents. */
function stageShare(share: string, doc: string, bom: string): void {
  for (const folder of ['grafana/dashboards', 'grafana/provisioning', 'prometheus']) {
    cpSync(join(ROOT, folder), join(share, folder), { recursive: true })
  }
  // Tests, and what makes the mixin.
  rmSync(join(share, 'prometheus/rules/tests'), { recursive: true })
  for (const source of filesIn(join(share, 'prometheus/mixin')).filter((file) => file.endsWith('.ts'))) {
    rmSync(source)
  }
  mkdirSync(doc, { recursive: true })
  copyFileSync(join(HERE, 'README.md'), join(doc, 'README.md'))
  copyFileSync(join(ROOT, 'CHANGELOG.md'), join(doc, 'CHANGELOG.md'))
  writeFileSync(join(doc, 'sbom.cdx.json'), bom)
}

/** The unit, with the commit and the place of the program in it. */
function unitText(revision: string, home: string): string {
  return readFileSync(join(HERE, `${NAME}.service`), 'utf8')
    .replace('EXPORTER_REVISION=unknown', `EXPORTER_REVISION=${revision}`)
    .replaceAll(`/usr/lib/${NAME}/`, `${home}/`)
}

function makeDeb(architecture: Architecture, bom: string, build: Build): string {
  const root = join(build.work, `deb-${architecture}`)
  stageProgram(join(root, 'usr'), architecture, build)
  const doc = join(root, 'usr/share/doc', NAME)
  stageShare(join(root, 'usr/share', NAME), doc, bom)
  writeFileSync(join(doc, 'copyright'), copyright())
  mkdirSync(join(root, 'usr/lib/systemd/system'), { recursive: true })
  writeFileSync(join(root, `usr/lib/systemd/system/${NAME}.service`), unitText(build.revision, `/usr/lib/${NAME}`))
  const settings = join(root, 'etc', NAME)
  mkdirSync(join(settings, 'secrets'), { recursive: true })
  copyFileSync(join(HERE, 'exporter.env'), join(settings, 'exporter.env'))
  normalize(root, build.seconds)
  // A version that dpkg sorts before that of the release: `1.0.0~rc.1`.
  const version = build.version.replace('-', '~')
  const name = `${NAME}_${version}_${architecture}.deb`
  const about = {
    version,
    architecture,
    maintainer: MAINTAINER,
    settings: [`/etc/${NAME}/exporter.env`],
    scripts: join(HERE, 'debian'),
  }
  run('chmod', ['640', join(settings, 'exporter.env')])
  run('chmod', ['700', join(settings, 'secrets')])
  writeDeb(root, about, { file: join(build.out, name), seconds: build.seconds })
  say(`${name}: ${sizeOf(join(build.out, name))}, installed ${(bytesIn(root) / MB).toFixed(0)} MB`)
  return name
}

function makeArchive(architecture: Architecture, bom: string, build: Build): string {
  const folder = join(build.work, `${NAME}-${build.version}-linux-${architecture}`)
  const deb = join(build.work, `deb-${architecture}`)
  // The same files, by another name: half the time.
  renameSync(join(deb, 'usr'), folder)
  for (const unused of [`lib/systemd`, `share/doc`]) {
    rmSync(join(folder, unused), { recursive: true })
  }
  const service = join(folder, 'service')
  mkdirSync(service)
  writeFileSync(join(service, `${NAME}.service`), unitText(build.revision, `/opt/${NAME}/lib/${NAME}`))
  copyFileSync(join(HERE, 'exporter.env'), join(service, 'exporter.env'))
  for (const file of ['LICENSE', 'CHANGELOG.md']) {
    copyFileSync(join(ROOT, file), join(folder, file))
  }
  copyFileSync(join(HERE, 'README.md'), join(folder, 'README.md'))
  writeFileSync(join(folder, 'sbom.cdx.json'), bom)
  normalize(folder, build.seconds)
  const name = `${NAME}-${build.version}-linux-${architecture}.tar.gz`
  writeTarGz(folder, { file: join(build.out, name), seconds: build.seconds })
  say(`${name}: ${sizeOf(join(build.out, name))}`)
  return name
}

function copyright(): string {
  return [
    `${NAME} is licensed under the Apache License 2.0, which is in /usr/share/common-licenses/Apache-2.0.`,
    `Node.js has the licenses in /usr/lib/${NAME}/LICENSE.node. Each package in /usr/lib/${NAME}/node_modules has its own in its folder;`,
    'sbom.cdx.json beside this file lists them.',
    '',
  ].join('\n')
}

function sizeOf(file: string): string {
  return `${(statSync(file).size / MB).toFixed(1)} MB`
}

function revisionOf(): { revision: string; seconds: number } {
  const [revision = '', time = ''] = run('git', ['log', '-1', '--format=%H %ct']).split(' ')
  const isChanged = run('git', ['status', '--porcelain', '--untracked-files=no']) !== ''
  return { revision: isChanged ? `${revision}-modified` : revision, seconds: Number(time) }
}

function main(): void {
  const options = { arch: { type: 'string' }, version: { type: 'string' }, out: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  const packageVersion: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version
  if (!existsSync(join(ROOT, 'dist/main.js'))) {
    throw new Error('dist/main.js is missing: npm run build')
  }
  const wanted = ARCHITECTURES.filter((one) => values.arch === undefined || values.arch.split(',').includes(one))
  const out = values.out ?? join(ROOT, 'build/packages')
  const work = mkdtempSync(join(tmpdir(), `${NAME}-packages-`))
  try {
    rmSync(out, { recursive: true, force: true })
    mkdirSync(out, { recursive: true })
    const build: Build = { ...revisionOf(), version: values.version ?? packageVersion, out, work }
    const modules = installModules(work)
    const names = wanted.flatMap((architecture) => {
      const bom = sbom(modules, { ...build, architecture })
      const bomName = `${NAME}-${build.version}-linux-${architecture}.cdx.json`
      writeFileSync(join(out, bomName), bom)
      return [makeDeb(architecture, bom, build), makeArchive(architecture, bom, build), bomName]
    })
    writeChecksums(out, names)
    say(`${out}: ${names.length} files and SHA256SUMS, of commit ${build.revision}`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

if (process.argv[1] === import.meta.filename) {
  main()
}
