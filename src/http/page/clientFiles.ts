// The page's own script and style, as the server hands them out: from memory, each read once.
//
// The built program has JavaScript beside this file; run from the sources, the same modules are TypeScript whose types are
// taken out here, so that both serve the same page. Only what is in `client/` can be asked for: no path leads elsewhere.

import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { PAGE_STYLE } from './style.ts'

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

/** Throws when the folder is not there: the program was not built as it should be. Each file is read when first asked for. */
export function readClientFiles(): ClientFiles {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const folder = new URL('./client/', import.meta.url)
  const names = new Set(readdirSync(folder).filter((name) => name.endsWith(extension)))
  const files = new Map<string, ClientFile>([[STYLE, { mediaType: 'text/css; charset=utf-8', text: PAGE_STYLE }]])
  const script = (name: string): ClientFile => {
    const source = readFileSync(new URL(name, folder), 'utf8')
    // Node warns that this is experimental, so it is not done before it is needed.
    return { mediaType: SCRIPT_TYPE, text: extension === '.ts' ? stripTypeScriptTypes(source) : source }
  }
  return {
    main: `main${extension}`,
    style: STYLE,
    get(name) {
      const known = files.get(name) ?? (names.has(name) ? script(name) : undefined)
      if (known !== undefined) files.set(name, known)
      return known
    },
  }
}
