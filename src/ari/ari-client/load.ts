// ari-client and the swagger-client that it uses, loaded without `request`.
//
// ari-client uses it for one request of the API description, without credentials or a deadline, and ignores the answer; our REST
// requests have checked the server by then. Loading it would take 30 MB and 60 packages. Nothing else is replaced.
// Source: node_modules/ari-client/lib/client.js.

import Module, { createRequire } from 'node:module'
import type ariClient from 'ari-client'

/** The part of swagger-client 2.0.26 that client.ts replaces. */
interface Swagger {
  readonly SwaggerHttp: { prototype: { execute: (request: SwaggerRequest) => void } }
}

export interface SwaggerRequest {
  readonly url: string
  readonly on: { response(response: { readonly obj: object }): void }
}

export interface AriClientPackage {
  readonly ariClient: typeof ariClient
  readonly swagger: Swagger
}

/** Loads both, once per process. Throws when they are not installed. */
export function loadAriClientPackage(): AriClientPackage {
  const load = createRequire(import.meta.url)
  // The copies that ari-client itself uses, wherever npm installed them.
  const loadAsAriClient = createRequire(load.resolve('ari-client'))
  const request = loadAsAriClient.resolve('request')
  if (load.cache[request] === undefined) {
    load.cache[request] = moduleOf(request, reached)
  }
  return { ariClient: load('ari-client'), swagger: loadAsAriClient('swagger-client') }
}

/** Stands in for `request`: the server was reached. */
function reached(_url: string, done: (error: null) => void): void {
  setImmediate(done, null)
}

function moduleOf(path: string, exported: unknown): NodeJS.Module {
  const made = new Module(path)
  made.exports = exported
  made.loaded = true
  return made
}
