// ari-client and the swagger-client that it uses, loaded without `request`.
//
// ari-client asks for the API description with it once, without credentials or a deadline, and throws the answer away:
// our own REST calls have asked by then. To load it would cost 30 MB and 60 packages' code. Nothing else is replaced here.
// Source: node_modules/ari-client/lib/client.js.

import Module, { createRequire } from 'node:module'
import type ariClient from 'ari-client'

/** The part of swagger-client 2.0.26 that is replaced by its user. */
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

/** Loads both, once a process however often it is called. Throws when they are not installed. */
export function loadAriClientPackage(): AriClientPackage {
  const load = createRequire(import.meta.url)
  // The very copies that ari-client uses, wherever npm put them.
  const loadAsAriClient = createRequire(load.resolve('ari-client'))
  const request = loadAsAriClient.resolve('request')
  if (load.cache[request] === undefined) load.cache[request] = moduleOf(request, reached)
  return { ariClient: load('ari-client'), swagger: loadAsAriClient('swagger-client') }
}

/** What `request` is to ari-client: the server was reached. */
function reached(_url: string, done: (error: null) => void): void {
  setImmediate(done, null)
}

function moduleOf(path: string, exported: unknown): NodeJS.Module {
  const made = new Module(path)
  made.exports = exported
  made.loaded = true
  return made
}
