// The page's script and style files, served from memory; each file is read once.
//
// The built program has JavaScript in `client/`. When run from the sources, the modules there are TypeScript and their types
// are stripped here, so that both serve the same page. Only these files can be requested: no path leads elsewhere.

import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

export interface ClientFile {
  readonly mediaType: string
  readonly text: string
}

/** File name -> content, to be served below `/client/`. `main` is the name of the first module, `style` of the style. */
export interface ClientFiles {
  readonly main: string
  readonly style: string
  get(name: string): ClientFile | undefined
}

const STYLE = 'style.css'
const SCRIPT_TYPE = 'text/javascript; charset=utf-8'

/** Throws when the style or the folder of the scripts is missing (an incomplete build). A script is read when first requested. */
export function readClientFiles(): ClientFiles {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const folder = new URL('./client/', import.meta.url)
  const names = new Set(readdirSync(folder).filter((name) => name.endsWith(extension)))
  const style = readFileSync(new URL(STYLE, import.meta.url), 'utf8')
  const files = new Map<string, ClientFile>([[STYLE, { mediaType: 'text/css; charset=utf-8', text: style }]])
  const script = (name: string): ClientFile => {
    const source = readFileSync(new URL(name, folder), 'utf8')
    // Node warns that stripping types is experimental, so a file is stripped only when it is requested.
    return { mediaType: SCRIPT_TYPE, text: extension === '.ts' ? stripTypeScriptTypes(source) : source }
  }
  return {
    main: `main${extension}`,
    style: STYLE,
    get(name) {
      const known = files.get(name) ?? (names.has(name) ? script(name) : undefined)
      if (known !== undefined) {
        files.set(name, known)
      }
      return known
    },
  }
}
