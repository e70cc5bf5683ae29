// Parses the parameters of a query with a schema, or lists every problem.
//
// An unknown parameter is a problem, so that a misspelled filter is not mistaken for one that matches everything.

import type { z } from 'zod'

/** The parsed parameters, or every problem, each with the name of its parameter. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Parses with a schema. The values of a repeated parameter are joined if it is a list; otherwise that is a problem. */
export function parseWith<T extends z.ZodObject>(schema: T, parameters: URLSearchParams): Parsed<z.output<T>> {
  if (parameters.size > MAX_PARAMETERS) {
    return { ok: false, problems: [`more than ${MAX_PARAMETERS} parameters`] }
  }
  const isBlank = (key: string): boolean =>
    Object.hasOwn(schema.shape, key) && parameters.getAll(key).every((value) => value.trim() === '')
  const names = [...new Set(parameters.keys())].filter((key) => !isBlank(key))
  const given = Object.fromEntries(names.map((key) => [key, parameters.getAll(key).join(',')]))
  const repeated = names.filter((key) => parameters.getAll(key).length > 1 && !LISTS.includes(key))
  const parsed = schema.safeParse(given)
  const problems = [
    ...repeated.map((key) => `${key}: give it once`),
    ...(parsed.error?.issues ?? [])
      .filter(({ path }) => !repeated.includes(String(path[0])))
      .flatMap((issue) => problemsOf(issue, Object.keys(schema.shape))),
  ]
  return parsed.success && problems.length === 0
    ? { ok: true, value: parsed.data }
    : { ok: false, problems: shortened([...new Set(problems)]) }
}

/** Problems in one answer; further ones are only counted. */
const MAX_PROBLEMS = 10
/** Parameters in one request; with more, none is parsed. */
const MAX_PARAMETERS = 100

const LISTS: readonly string[] = ['direction', 'disposition', 'destination', 'state', 'site']

function problemsOf(issue: z.core.$ZodIssue, known: readonly string[]): readonly string[] {
  if (issue.code !== 'unrecognized_keys') {
    return [`${String(issue.path[0])}: give ${issue.message}`]
  }
  const list = known.length === 0 ? 'there are none here' : `there are: ${known.join(', ')}`
  return issue.keys.map((key, index) => `${key.slice(0, 64)}: not a known parameter${index === 0 ? `; ${list}` : ''}`)
}

// An answer stays short, however many problems a request has.
function shortened(problems: readonly string[]): readonly string[] {
  const rest = problems.length - MAX_PROBLEMS
  return rest > 0 ? [...problems.slice(0, MAX_PROBLEMS), `and ${rest} more`] : problems
}
