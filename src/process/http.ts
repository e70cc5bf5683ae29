// Node's HTTP module, without `fetch`.
//
// An `import` of `node:http` reads each of its exports; one of them loads undici, Node's `fetch` and WebSocket, which take 10 MB and
// are not used. Every other file takes the module from here (types excepted).

/** The module `node:http`. */
export const http = process.getBuiltinModule('node:http')
