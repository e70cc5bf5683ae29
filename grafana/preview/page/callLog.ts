// Requests to the exporter's JSON API, as the Grafana plugin Infinity sends them.
//
// The server of the preview responds as the exporter would at the end of the time range.

import { createDataFrame, type DataFrame, FieldType } from '@grafana/data'
import type { Target } from './boardJson.ts'
import { fillIn, type Macros, type Variables } from './variables.ts'

interface Column {
  readonly selector: string
  readonly text: string
  readonly type: 'string' | 'number' | 'timestamp'
}

export interface CallLogTarget extends Target {
  readonly url: string
  readonly url_options?: { readonly params?: readonly { readonly key: string; readonly value: string }[] }
  readonly root_selector: string
  readonly columns: readonly Column[]
}

type Row = Readonly<Record<string, unknown>>

/** Whether a query is for the API. */
export function isOfCallLog(target: Target): target is CallLogTarget {
  return target.datasource?.type === 'yesoreyeram-infinity-datasource'
}

/** The response as a frame. Rejects with the error of the API. */
export async function callLogFrame(target: CallLogTarget, variables: Variables, macros: Macros): Promise<DataFrame> {
  const [path = '', given = ''] = fillIn(target.url, variables, macros).split('?')
  const search = new URLSearchParams(given)
  for (const { key, value } of target.url_options?.params ?? []) {
    search.append(key, fillIn(value, variables, macros))
  }
  const answer: Row = await (await fetch(`/exporter/${Number(macros['__to']) / 1000}${path}?${search}`)).json()
  if (answer['error'] !== undefined) {
    throw new Error(JSON.stringify(answer['error']))
  }
  const rows = target.root_selector === '' ? [answer] : (answer[target.root_selector] as readonly Row[])
  return createDataFrame({ refId: target.refId, fields: target.columns.map((column) => field(column, rows)) })
}

function field({ selector, text, type }: Column, rows: readonly Row[]) {
  const values = rows.map((row) => row[selector] ?? null)
  switch (type) {
    case 'timestamp':
      return {
        name: text,
        type: FieldType.time,
        config: {},
        values: values.map((value) => (value === null ? null : new Date(String(value)).valueOf())),
      }
    case 'number':
      return { name: text, type: FieldType.number, config: {}, values }
    case 'string':
      return { name: text, type: FieldType.string, config: {}, values }
  }
}
