// What is made from the rules of ../rules: their JSON for the mixin. The output depends only on the rules.

import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A generated file: its path from the root of the repository, and its content. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

const RULES = new URL('../rules/', import.meta.url)
const NAMES = ['recording', 'alerts'] as const

/** All files that follow from the rules. */
export function filesOfRules(): readonly GeneratedFile[] {
  return NAMES.map((name) => {
    const rules = parse(readFileSync(new URL(`${name}.yml`, RULES), 'utf8'))
    return { path: `prometheus/mixin/${name}.json`, text: `${JSON.stringify(rules, null, 2)}\n` }
  })
}
