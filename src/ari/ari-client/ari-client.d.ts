// The parts of ari-client 2.2.0 that we touch, described here because no current description of them exists.
// Source: node_modules/ari-client/lib/client.js.

declare module 'ari-client' {
  import type { WebSocket } from 'ws'

  namespace ariClient {
    interface Client {
      /** Made synchronously by `start`. */
      _ws?: WebSocket | undefined
      /** What `start` builds the socket's URL from. */
      _connection: { protocol: string; host: string; user: string; pass: string }
      start(apps: string, subscribeAll: boolean): Promise<void>
    }
  }

  const ariClient: {
    connect(baseUrl: string, user: string, password: string): Promise<ariClient.Client>
  }

  export = ariClient
}
