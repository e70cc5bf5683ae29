// The objects of src/service/kubernetes, read as they are shipped.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

export const KUBERNETES = join(import.meta.dirname, '../../../src/service/kubernetes')

/** An object of Kubernetes, as far as the tests read all of them. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  readonly [other: string]: unknown
}

/** All objects of a text of YAML. */
export function objectsIn(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).map((document): KubernetesObject => {
    if (document.errors.length > 0) {
      throw document.errors[0]
    }
    return document.toJS()
  })
}

/** Objects of the files in a folder; `kustomization.yaml` is none of them. */
export function objectsOf(folder: string): readonly KubernetesObject[] {
  return readdirSync(join(KUBERNETES, folder))
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .flatMap((name) => objectsIn(readFileSync(join(KUBERNETES, folder, name), 'utf8')))
}
