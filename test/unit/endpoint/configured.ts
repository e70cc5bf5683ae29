// What Asterisk answers about the objects of a pjsip.conf: their settings, and Asterisk's default for each that is not written.

import { readFileSync } from 'node:fs'
import { configurationObject, readConfiguration } from '../../../src/ari/questions/endpointConfiguration.ts'
import type { EndpointQuestion } from '../../../src/endpoint/evidence.ts'
import { type Evidence, firstEvidence, withAnswer } from '../../../src/endpoint/evidence.ts'

interface Recorded {
  readonly what: string
  readonly body: string
}

type Settings = Readonly<Record<string, string>>

const RECORDED: readonly Recorded[] = JSON.parse(
  readFileSync(new URL('../ari/answers/22.10.json', import.meta.url), 'utf8'),
)

/** Asterisk's defaults, from its own answer about an object that sets next to nothing. */
function defaultsOf(type: string): Settings {
  const body = RECORDED.find(({ what }) => what === `${type} with defaults`)?.body ?? '[]'
  const list: readonly { attribute: string; value: string }[] = JSON.parse(body)
  return Object.fromEntries(list.map(({ attribute, value }) => [attribute, value]))
}

/** The list of attributes of the object that is asked for; null if the configuration has none. */
export function attributesIn(pjsip: string, question: EndpointQuestion): readonly object[] | null {
  const [type, id] = configurationObject(question)
  const own = objectsIn(pjsip).find((object) => object.id === id && object.settings['type'] === type)?.settings
  if (own === undefined) {
    return null
  }
  const { type: _, callerid, ...settings } = own
  const name = /^(.*?)\s*(<.*>)$/.exec(callerid ?? '')
  const written = name === null ? {} : { callerid: `"${name[1]}" ${name[2]}` }
  const all = { ...defaultsOf(type), ...settings, ...written }
  return Object.entries(all).map(([attribute, value]) => ({ attribute, value }))
}

/** The names of the endpoints. */
export function endpointsIn(pjsip: string): readonly string[] {
  return objectsIn(pjsip).flatMap(({ id, settings }) => (settings['type'] === 'endpoint' ? [id] : []))
}

/** Everything that can be known of each endpoint. */
export function evidenceIn(pjsip: string): ReadonlyMap<string, Evidence> {
  return new Map(
    endpointsIn(pjsip).map((endpoint) => {
      const ask = (question: EndpointQuestion) => readConfiguration(question, attributesIn(pjsip, question))
      const first = ask({ about: 'endpoint', endpoint })
      if (first?.about !== 'endpoint') {
        throw new Error(`${endpoint} is no endpoint`)
      }
      const [aor] = first.settings.aors
      const others = [
        ...(aor === undefined ? [] : [ask({ about: 'aor', endpoint, aor })]),
        ask({ about: 'identify', endpoint }),
        ask({ about: 'registration', endpoint }),
      ]
      const evidence = others.reduce(
        (known, answer) => (answer === null || answer.about === 'endpoint' ? known : withAnswer(known, answer)),
        firstEvidence(first.settings),
      )
      return [endpoint, evidence] as const
    }),
  )
}

function objectsIn(pjsip: string): readonly { readonly id: string; readonly settings: Settings }[] {
  return pjsip
    .split(/^(?=\[)/m)
    .filter((section) => section.startsWith('['))
    .map((section) => {
      const [head = '', ...lines] = section.split('\n')
      const pairs = lines.filter((line) => line.includes('=')).map((line) => /^\s*(\S+?)\s*=\s*(.*?)\s*$/.exec(line))
      return {
        id: head.slice(1, head.indexOf(']')),
        settings: Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])),
      }
    })
}
