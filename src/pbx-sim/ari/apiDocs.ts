// The API description that clients fetch first (Swagger 1.1, as ARI serves it).
//
// Describes only what this simulator supports; generated from the compact tables below.
// Source: what ari-client and swagger-client read of it, and recorded traffic.

/** `name`, HTTP method, path, response type, parameters (`p:` path, `q:` query, `b:` body; `!` = required). */
type Operation = readonly [string, string, string, string, ...string[]]

const OPERATIONS: Readonly<Record<string, readonly Operation[]>> = {
  asterisk: [['getInfo', 'GET', '/asterisk/info', 'AsteriskInfo', 'q:only']],
  applications: [
    ['list', 'GET', '/applications', 'List[Application]'],
    ['get', 'GET', '/applications/{applicationName}', 'Application', 'p:applicationName!'],
    [
      'subscribe',
      'POST',
      '/applications/{applicationName}/subscription',
      'Application',
      'p:applicationName!',
      'q:eventSource!',
    ],
    [
      'unsubscribe',
      'DELETE',
      '/applications/{applicationName}/subscription',
      'Application',
      'p:applicationName!',
      'q:eventSource!',
    ],
    ['filter', 'PUT', '/applications/{applicationName}/eventFilter', 'Application', 'p:applicationName!', 'b:filter'],
  ],
  channels: [
    ['list', 'GET', '/channels', 'List[Channel]'],
    ['get', 'GET', '/channels/{channelId}', 'Channel', 'p:channelId!'],
    [
      'continueInDialplan',
      'POST',
      '/channels/{channelId}/continue',
      'void',
      'p:channelId!',
      'q:context',
      'q:extension',
      'q:priority',
    ],
  ],
  bridges: [
    ['list', 'GET', '/bridges', 'List[Bridge]'],
    ['get', 'GET', '/bridges/{bridgeId}', 'Bridge', 'p:bridgeId!'],
  ],
  endpoints: [
    ['list', 'GET', '/endpoints', 'List[Endpoint]'],
    ['get', 'GET', '/endpoints/{tech}/{resource}', 'Endpoint', 'p:tech!', 'p:resource!'],
  ],
  deviceStates: [['list', 'GET', '/deviceStates', 'List[DeviceState]']],
  events: [['eventWebsocket', 'GET', '/events', 'Message', 'q:app!', 'q:subscribeAll']],
}

/** The members of each event and their types; a client can convert some to objects of its own. */
const EVENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ApplicationReplaced: {},
  BridgeAttendedTransfer: {
    transferer_first_leg: 'Channel',
    transferer_second_leg: 'Channel',
    transferee: 'Channel',
    transfer_target: 'Channel',
    transferer_first_leg_bridge: 'Bridge',
    transferer_second_leg_bridge: 'Bridge',
    destination_type: 'string',
  },
  BridgeBlindTransfer: { channel: 'Channel', transferee: 'Channel', bridge: 'Bridge', exten: 'string' },
  BridgeCreated: { bridge: 'Bridge' },
  BridgeDestroyed: { bridge: 'Bridge' },
  BridgeMerged: { bridge: 'Bridge', bridge_from: 'Bridge' },
  ChannelCallerId: { channel: 'Channel', caller_presentation: 'int' },
  ChannelConnectedLine: { channel: 'Channel' },
  ChannelCreated: { channel: 'Channel' },
  ChannelDestroyed: { channel: 'Channel', cause: 'int', cause_txt: 'string' },
  ChannelDialplan: { channel: 'Channel', dialplan_app: 'string', dialplan_app_data: 'string' },
  ChannelDtmfReceived: { channel: 'Channel', digit: 'string', duration_ms: 'int' },
  ChannelEnteredBridge: { bridge: 'Bridge', channel: 'Channel' },
  ChannelHangupRequest: { channel: 'Channel', cause: 'int', soft: 'boolean' },
  ChannelHold: { channel: 'Channel', musicclass: 'string' },
  ChannelLeftBridge: { bridge: 'Bridge', channel: 'Channel' },
  ChannelStateChange: { channel: 'Channel' },
  ChannelUnhold: { channel: 'Channel' },
  ChannelUserevent: { channel: 'Channel', eventname: 'string' },
  ChannelVarset: { channel: 'Channel', variable: 'string', value: 'string' },
  ContactStatusChange: { endpoint: 'Endpoint' },
  DeviceStateChanged: { device_state: 'DeviceState' },
  Dial: { caller: 'Channel', peer: 'Channel', forwarded: 'Channel', dialstatus: 'string' },
  EndpointStateChange: { endpoint: 'Endpoint' },
  PeerStatusChange: { endpoint: 'Endpoint' },
  StasisEnd: { channel: 'Channel' },
  StasisStart: { channel: 'Channel', replace_channel: 'Channel' },
}

const PLACES: Readonly<Record<string, string>> = { p: 'path', q: 'query', b: 'body' }

/** The list of resources; `base` is the address that the client used. */
export function resourceList(base: string): unknown {
  return {
    apiVersion: '8.0.0',
    swaggerVersion: '1.1',
    basePath: `${base}/ari`,
    apis: Object.keys(OPERATIONS).map((resource) => ({
      path: `/api-docs/${resource}.{format}`,
      description: `The ${resource} that this PBX simulates`,
    })),
  }
}

/** The description of one resource; undefined if there is no resource with that name. */
export function resourceDescription(base: string, resource: string): unknown {
  const operations = Object.hasOwn(OPERATIONS, resource) ? OPERATIONS[resource] : undefined
  if (operations === undefined) {
    return undefined
  }
  const paths = [...new Set(operations.map(([, , path]) => path))]
  return {
    apiVersion: '8.0.0',
    swaggerVersion: '1.1',
    basePath: `${base}/ari`,
    resourcePath: `/api-docs/${resource}.{format}`,
    apis: paths.map((path) => ({
      path,
      description: path,
      operations: operations.filter((operation) => operation[2] === path).map(describe),
    })),
    models: resource === 'events' ? models() : {},
  }
}

function describe([nickname, httpMethod, , responseClass, ...parameters]: Operation): unknown {
  return { httpMethod, summary: nickname, nickname, responseClass, parameters: parameters.map(parameterOf) }
}

function parameterOf(short: string): unknown {
  const required = short.endsWith('!')
  return {
    name: short.slice(2, required ? -1 : undefined),
    description: '',
    paramType: PLACES[short.slice(0, 1)] ?? 'query',
    required,
    allowMultiple: false,
    dataType: short.startsWith('b') ? 'containers' : 'string',
  }
}

function models(): unknown {
  const common = { type: 'string', application: 'string', timestamp: 'Date', asterisk_id: 'string' }
  const describeEvent = ([id, own]: readonly [string, Readonly<Record<string, string>>]): readonly [
    string,
    unknown,
  ] => {
    const members = Object.entries({ ...common, ...own })
    return [
      id,
      { id, properties: Object.fromEntries(members.map(([name, type]) => [name, { type, required: false }])) },
    ]
  }
  return Object.fromEntries(Object.entries(EVENTS).map(describeEvent))
}
