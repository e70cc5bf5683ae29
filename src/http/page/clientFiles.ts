// The page's script and style, served from memory; each file is read once.
//
// The built program has one style, one script and one that it loads later for charts, in `client/`, made by `npm run build:page`, whose names
// contain a hash of their content: a browser may keep them for good. When run from the sources, the script is many modules of TypeScript whose
// types are stripped here, with uPlot beside them, the style is put together of its files here, and nothing may be kept. Only files from a fixed list are served, so a path cannot reach others.

import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { gzipSync } from 'node:zlib'

export interface ClientFile {
  readonly mediaType: string
  readonly plain: Buffer
  readonly gzipped: Buffer
}

/** The files below `/client/`; `main` and `style` are the names of the script and the style that the document names. */
export interface ClientFiles {
  readonly main: string
  readonly style: string
  /** The content of a name never changes. */
  readonly areImmutable: boolean
  get(name: string): ClientFile | undefined
}

const PACKAGE = 'uplot.js'
const PACKAGE_STYLE = 'uplot/dist/uPlot.min.css'
const FROM_SOURCES = import.meta.url.endsWith('.ts')

/** Throws if the script or the style is missing (an incomplete build). A file is read at its first request. */
export function readClientFiles(): ClientFiles {
  const client = new URL('./client/', import.meta.url)
  const names = readdirSync(client).filter((name) => name.endsWith(FROM_SOURCES ? '.ts' : '.js'))
  const style = FROM_SOURCES ? 'style.css' : one(readdirSync(client), /^style-\w+\.css$/)
  const sources = new Map([...names.map((name) => [name, new URL(name, client)] as const)])
  sources.set(style, FROM_SOURCES ? new URL(style, import.meta.url) : new URL(style, client))
  if (FROM_SOURCES) {
    sources.set(PACKAGE, new URL('uPlot.esm.js', import.meta.resolve(PACKAGE_STYLE)))
  }
  const files = new Map<string, ClientFile>()
  return {
    main: FROM_SOURCES ? 'main.ts' : one(names, /^main-\w+\.js$/),
    style,
    areImmutable: !FROM_SOURCES,
    get(name) {
      const source = sources.get(name)
      const file = files.get(name) ?? (source === undefined ? undefined : readFile(source))
      if (file !== undefined) {
        files.set(name, file)
      }
      return file
    },
  }
}

function one(names: readonly string[], pattern: RegExp): string {
  const found = names.find((name) => pattern.test(name))
  if (found === undefined) {
    throw new Error(`the page lacks a file ${pattern.source}: run npm run build`)
  }
  return found
}

// What esbuild does with the package of the charts and with the files of the style, for the sources.
function fromSources(text: string): string {
  return text.replace(`from 'uplot'`, `from './${PACKAGE}'`).replace(/@import "([^"]+)";/g, (_, name: string) => {
    const source = name.startsWith('./') ? new URL(name, import.meta.url) : new URL(import.meta.resolve(name))
    return fromSources(readFileSync(source, 'utf8'))
  })
}

function readFile(source: URL): ClientFile {
  const found = readFileSync(source, 'utf8')
  const text = FROM_SOURCES ? fromSources(found) : found
  // Types are stripped only on request, because Node prints a warning that this is experimental.
  const plain = Buffer.from(source.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text)
  const mediaType = source.pathname.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8'
  return { mediaType, plain, gzipped: gzipSync(plain) }
}
