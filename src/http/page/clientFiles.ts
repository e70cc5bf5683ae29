// The page's script, style and icons, served from memory; each file is read once.
//
// The built program has one style, one script, two that it loads later, for charts and for the causes of calls, and the icons, in `client/`, made
// by `npm run build:page`, whose names contain a hash of their content: a browser may keep them for good. When run from the sources, the script is many modules of TypeScript whose
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
  /** For the home screen of a phone. */
  readonly icons: readonly ClientIcon[]
  /** The content of a name never changes. */
  readonly areImmutable: boolean
  get(name: string): ClientFile | undefined
}

export interface ClientIcon {
  readonly name: string
  /** As in a manifest: `192x192`, or `any`. */
  readonly sizes: string
  readonly mediaType: string
}

const ICONS = [
  { file: 'icon.svg', built: /^icon-\w+\.svg$/, sizes: 'any' },
  { file: 'icon-192.png', built: /^icon-192-\w+\.png$/, sizes: '192x192' },
  { file: 'icon-512.png', built: /^icon-512-\w+\.png$/, sizes: '512x512' },
] as const

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
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
  const icons = ICONS.map(({ file, built, sizes }) => {
    const name = FROM_SOURCES ? file : one(readdirSync(client), built)
    sources.set(name, FROM_SOURCES ? new URL(`./icons/${file}`, import.meta.url) : new URL(name, client))
    return { name, sizes, mediaType: mediaTypeOf(file) }
  })
  const files = new Map<string, ClientFile>()
  return {
    main: FROM_SOURCES ? 'main.ts' : one(names, /^main-\w+\.js$/),
    style,
    icons,
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

function mediaTypeOf(file: string): string {
  return MEDIA_TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? ''
}

function readFile(source: URL): ClientFile {
  const plain = source.pathname.endsWith('.png') ? readFileSync(source) : Buffer.from(textOf(source))
  return { mediaType: mediaTypeOf(source.pathname), plain, gzipped: gzipSync(plain) }
}

function textOf(source: URL): string {
  const found = readFileSync(source, 'utf8')
  const text = FROM_SOURCES ? fromSources(found) : found
  // Types are stripped only on request, because Node prints a warning that this is experimental.
  return source.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text
}
