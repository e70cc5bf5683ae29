// The page's script and style files, served from memory; each file is read once.
//
// The built program has JavaScript in `client/`. When run from the sources, the modules are TypeScript, and their types are
// stripped here, so that both serve the same page. Only files from a fixed list are served, so a path cannot reach others.

import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

export interface ClientFile {
  readonly mediaType: string
  readonly text: string
}

/** The files below `/client/`; `main`, `modules` and `style` are the names of the entry module, the other modules and the style. */
export interface ClientFiles {
  readonly main: string
  readonly modules: readonly string[]
  readonly style: string
  get(name: string): ClientFile | undefined
}

const STYLE = 'style.css'
const SCRIPT_TYPE = 'text/javascript; charset=utf-8'

/** Throws if the style or the folder of the scripts is missing (an incomplete build). A script is read at its first request. */
export function readClientFiles(): ClientFiles {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const folder = new URL('./client/', import.meta.url)
  const names = new Set(readdirSync(folder).filter((name) => name.endsWith(extension)))
  const style = readFileSync(new URL(STYLE, import.meta.url), 'utf8')
  const files = new Map<string, ClientFile>([[STYLE, { mediaType: 'text/css; charset=utf-8', text: style }]])
  const script = (name: string): ClientFile => {
    const source = readFileSync(new URL(name, folder), 'utf8')
    // Types are stripped only on request, because Node prints a warning that this is experimental.
    return { mediaType: SCRIPT_TYPE, text: extension === '.ts' ? stripTypeScriptTypes(source) : source }
  }
  const main = `main${extension}`
  return {
    main,
    modules: [...names].filter((name) => name !== main),
    style: STYLE,
    get(name) {
      const file = files.get(name) ?? (names.has(name) ? script(name) : undefined)
      if (file !== undefined) {
        files.set(name, file)
      }
      return file
    },
  }
}
