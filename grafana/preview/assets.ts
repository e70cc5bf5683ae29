// The files of the page: the bundle of page/, made by esbuild, with Grafana's icons and fonts.
//
// The packages are those of the preview (package.json here), not of the program.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const HERE = import.meta.dirname
const MODULES = join(HERE, 'node_modules')
const FONTS: Readonly<Record<string, string>> = {
  'Inter-Regular': 'inter/files/inter-latin-400-normal',
  'Inter-Italic': 'inter/files/inter-latin-400-italic',
  'Inter-Medium': 'inter/files/inter-latin-500-normal',
  RobotoMono: 'roboto-mono/files/roboto-mono-latin-400-normal',
}

export interface Asset {
  readonly type: string
  readonly body: Buffer
}

/** Returns the file of a path; null if there is none. */
export type Assets = (path: string) => Promise<Asset | null>

/** Bundles the page. Throws if the packages are not installed, or with the message of esbuild. */
export async function bundlePage(): Promise<Assets> {
  const esbuild = join(MODULES, '.bin/esbuild')
  if (!existsSync(esbuild)) {
    throw new Error('packages of the preview are not installed: npm ci --prefix grafana/preview')
  }
  const folder = await mkdtemp(join(tmpdir(), 'asterisk-ari-exporter-page-'))
  execFileSync(
    esbuild,
    [
      join(HERE, 'page/main.tsx'),
      '--bundle',
      `--outfile=${join(folder, 'page.js')}`,
      '--format=iife',
      '--jsx=automatic',
      '--target=chrome110',
      '--log-level=error',
      '--define:process.env.NODE_ENV="production"',
      '--define:process.env={}',
      '--define:global=window',
      '--loader:.svg=text',
      '--loader:.png=dataurl',
      '--loader:.woff2=dataurl',
      // The code editor is not used.
      ...['monaco-editor', '@monaco-editor/react'].map((name) => `--alias:${name}=${join(HERE, 'page/noEditor.json')}`),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const [script, style] = await Promise.all(['page.js', 'page.css'].map((name) => readFile(join(folder, name))))
  await rm(folder, { recursive: true })
  return async (path) => {
    if (path === '/page.js' && script !== undefined) {
      return { type: 'text/javascript', body: script }
    }
    if (path === '/page.css' && style !== undefined) {
      return { type: 'text/css', body: style }
    }
    const [, icon] = /\/(img\/[\w./-]+\.svg)$/.exec(path) ?? []
    if (icon !== undefined && !icon.includes('..')) {
      return { type: 'image/svg+xml', body: await readFile(join(MODULES, '@grafana/ui/dist/public', icon)) }
    }
    const font = Object.entries(FONTS).find(([name]) => path.includes(name))?.[1]
    if (font === undefined) {
      return null
    }
    return { type: 'font/woff2', body: await readFile(join(MODULES, '@fontsource', `${font}.woff2`)) }
  }
}
