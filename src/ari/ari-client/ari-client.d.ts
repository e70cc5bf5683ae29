// Types for the parts of ari-client 2.2.0 that this program uses; no current type declarations exist.
// Source: node_modules/ari-client/lib/client.js.

declare module 'ari-client' {
  import type { WebSocket } from 'ws'

  namespace ariClient {
    interface Client {
      /** `start` creates it synchronously. */
      _ws?: WebSocket | undefined
      /** `start` builds the socket's URL from it. */
      _connection: { protocol: string; host: string; user: string; pass: string }
      start(apps: string, subscribeAll: boolean): Promise<void>
    }
  }

  const ariClient: {
    connect(baseUrl: string, user: string, password: string): Promise<ariClient.Client>
  }

  export = ariClient
}
