// The objects for Kubernetes conform to its schemas and types, and a fault is reported.
//
// The validators of kubernetes-models know what is required and which values are allowed, but pass unknown keys; its types refuse
// those. So each object is validated and is compiled as a literal. The package is looked up by the kind of the object.

import { expect, test } from 'vitest'
import { typeErrors } from '../typeErrors.ts'
import { type KubernetesObject, objectsOf } from './kubernetesObjects.ts'

const OPERATOR = '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'

/** Kind -> module. */
const MODULE_OF: Readonly<Record<string, string>> = {
  StatefulSet: 'kubernetes-models/apps/v1/StatefulSet',
  Service: 'kubernetes-models/v1/Service',
  NetworkPolicy: 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
  ServiceMonitor: `${OPERATOR}/ServiceMonitor`,
  PrometheusRule: `${OPERATOR}/PrometheusRule`,
}

type Model = new (data: object) => { readonly validate: () => void; readonly apiVersion: string }

const moduleOf = ({ kind }: KubernetesObject) => MODULE_OF[kind] ?? `no module for ${kind}`

/** What the validator says; null: nothing. */
async function schemaFault(object: KubernetesObject): Promise<string | null> {
  const { [object.kind]: model }: Record<string, Model> = await import(moduleOf(object))
  if (model === undefined) {
    return `no model of ${object.kind}`
  }
  const { kind: _, apiVersion, ...rest } = object
  try {
    const made = new model(rest)
    made.validate()
    return made.apiVersion === apiVersion ? null : `${apiVersion} is not ${made.apiVersion}`
  } catch (error) {
    return String(error)
  }
}

/** The errors of the compiler about the objects as literals. */
function typeFaults(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const lines = objects.map(
    (object, index) =>
      `export const c${index}: import('${moduleOf(object)}').I${object.kind} = ${JSON.stringify(object)}`,
  )
  return typeErrors('objects.ts', lines.join('\n'))
}

const objects = ['base', 'monitoring'].flatMap(objectsOf)

test.each(objects.map((object) => [object.kind, object.metadata.name, object] as const))(
  '%s %s conforms to its schema',
  async (_kind, _name, object) => {
    expect(await schemaFault(object)).toBe(null)
  },
)

test('all objects conform to the types', async () => {
  expect(await typeFaults(objects)).toEqual([])
})

function changed(kind: string, change: (text: string) => string): KubernetesObject {
  const object = objects.find((one) => one.kind === kind)
  const text = JSON.stringify(object)
  const other = change(text)
  if (other === text) {
    throw new Error(`nothing changed in ${kind}`)
  }
  return JSON.parse(other)
}

test('what is missing or has a wrong value is reported', async () => {
  const broken = [
    changed('StatefulSet', (text) => text.replace('"selector"', '"selectors"')),
    changed('StatefulSet', (text) => text.replace('"replicas":1', '"replicas":"1"')),
    changed('StatefulSet', (text) => text.replace('apps/v1', 'apps/v1beta1')),
    changed('ServiceMonitor', (text) => text.replace('"15s"', '"15 seconds"')),
    changed('ServiceMonitor', (text) => text.replace('labeldrop', 'dropLabel')),
    changed('PrometheusRule', (text) => text.replace('"expr"', '"expression"')),
  ]
  for (const object of broken) {
    expect(await schemaFault(object)).not.toBe(null)
  }
})

test('a misspelt key is reported', async () => {
  const broken = [
    changed('StatefulSet', (text) => text.replace('readOnlyRootFilesystem', 'readOnlyRootFileSystem')),
    changed('NetworkPolicy', (text) => text.replace('"ingress"', '"ingres"')),
    changed('ServiceMonitor', (text) => text.replace('scrapeTimeout', 'scrape_timeout')),
  ]
  const faults = await typeFaults(broken)
  expect(faults.filter((fault) => /^objects\.ts\(\d/.test(fault))).toHaveLength(broken.length)
})
