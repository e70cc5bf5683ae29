// The preview of the boards stays apart from the program, is of the Grafana that is shipped, and its pictures are small.
//
// What it draws is for people to look at; here is only what can be told without a browser.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { EVALUATIONS } from '../../../grafana/preview/day.ts'
import { smallPng } from '../../../grafana/preview/smallPng.ts'
import { STATE_NAMES, STATES } from '../../../grafana/preview/states.ts'

const ROOT = new URL('../../../', import.meta.url)
const text = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string }>>
}

const lock = (path: string): Lock => JSON.parse(text(path))
const own = lock('grafana/preview/package-lock.json')
const program = lock('package-lock.json')

test('packages of both lockfiles come from npm’s own registry, or wherever the reader’s npm finds them', () => {
  for (const { packages } of [own, program])
    expect(
      Object.values(packages).filter(({ resolved }) => resolved?.startsWith('https://registry.npmjs.org/') === false),
    ).toEqual([])
})

test('Grafana’s packages are of the version that is shipped, the types of the boards among them', () => {
  const [, shipped] = /grafana\/grafana:([\d.]+)/.exec(text('docker-compose.yml')) ?? []
  for (const name of ['data', 'schema', 'ui'])
    expect([name, own.packages[`node_modules/@grafana/${name}`]?.version]).toEqual([name, shipped])
  expect(program.packages['node_modules/@grafana/schema']?.version).toBe(shipped)
})

test('none of the preview’s packages is the program’s', () => {
  expect(Object.keys(program.packages).filter((path) => /@grafana\/(ui|data)$|\/react$/.test(path))).toEqual([])
})

test('its description names each state, and each is a moment of the day', () => {
  const readme = text('grafana/preview/README.md')
  for (const name of STATE_NAMES) {
    expect(readme).toContain(`| \`${name}\` | ${new Date(STATES[name].at * 1000).toISOString().slice(11, 16)}, `)
    expect(STATES[name].at).toBeGreaterThan(EVALUATIONS[0].start)
  }
})

test('the pictures are small, and each is shown with how it was made', () => {
  const folder = new URL('grafana/pictures/', ROOT)
  const names = readdirSync(folder)
  const boards = text('grafana/README.md')
  for (const name of names) expect(boards).toContain(`(pictures/${name})`)
  for (const [, path = ''] of boards.matchAll(/\]\((pictures\/[^)]+)\)/g))
    expect([path, existsSync(new URL(`grafana/${path}`, ROOT))]).toEqual([path, true])
  for (const words of [boards, text('README.md')]) expect(words).toContain('`npm run boards-preview`')
  const bytes = names.reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0)
  expect(bytes).toBeLessThan(600_000)
})

/** A picture as Chromium writes it: eight bits, red, green and blue; each line with a filter of its own. */
function pngOf(width: number, lines: readonly (readonly [filter: number, ...bytes: number[]])[]): Buffer {
  const chunk = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    // Nobody checks the sums here.
    return Buffer.concat([length, Buffer.from(type, 'latin1'), body, Buffer.alloc(4)])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(lines.length, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const data = deflateSync(Buffer.from(lines.flat()))
  return Buffer.concat([Buffer.alloc(8), chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

/** The colours of a picture of the palette kind, row by row. */
function colorsOf(png: Buffer): readonly string[] {
  const bodies = new Map<string, Buffer>()
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    bodies.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const width = bodies.get('IHDR')?.readUInt32BE(0) ?? 0
  const palette = bodies.get('PLTE') ?? Buffer.alloc(0)
  return [...inflateSync(bodies.get('IDAT') ?? Buffer.alloc(0))]
    .filter((_, index) => index % (width + 1) > 0)
    .map((index) => palette.toString('hex', index * 3, index * 3 + 3))
}

test('a picture of few colours keeps each of them, whatever filter its lines have', () => {
  const png = pngOf(2, [
    [0, 10, 20, 30, 40, 50, 60],
    [1, 10, 20, 30, 30, 30, 30],
    [2, 0, 0, 0, 0, 0, 0],
    [3, 5, 10, 15, 15, 15, 15],
    [4, 0, 0, 0, 0, 0, 0],
  ])
  const [left, right] = ['0a141e', '28323c']
  expect(colorsOf(smallPng(png))).toEqual([left, right, left, right, left, right, left, right, left, right])
})
