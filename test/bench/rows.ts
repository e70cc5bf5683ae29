// What the benchmarks measure, row by row, and what each row is to be: the one list behind the table, the JSON and the goals.
//
// A goal is met when all of its rows are. Ratios are of one run on one machine; absolute figures move with it.

/** The bound of a row's value. */
export interface Bound {
  readonly at: 'most' | 'least'
  readonly value: number
}

/** One thing that is measured. */
export interface RowKind {
  readonly key: string
  readonly benchmark: BenchmarkName
  readonly goal: Goal | null
  readonly what: string
  readonly unit: string
  readonly bound?: Bound
}

export const BENCHMARK_NAMES = [
  'pipeline',
  'callback',
  'destinations',
  'socket',
  'live',
  'overload',
  'scrape',
  'memory',
  'log',
  'fleet',
  'asterisk',
] as const
export type BenchmarkName = (typeof BENCHMARK_NAMES)[number]

export const GOALS = {
  P1: 'CPU an event of recorded traffic, against ws + JSON.parse of everything: at most 1.2 times',
  P2: 'CPU an event, against ari-client with a commit each: at least 5 times less',
  P3: '300 real calls/s (23,000 events/s) for 60 s, scraped each second: nothing lost, loop p99 under 5 ms, max under 50 ms, CPU at most 2 times ws + JSON.parse',
  P4: 'until all rows are on disk: at least 6,000 calls/s of lean and 1,000 of real traffic',
  P5: 'start on 10 million rows: under 1 s, at least 10 times less than the scan',
  P6: '/metrics at 1,000 series: loop blocked under 5 ms; gzip on request',
  P7: 'memory: idle at most 1.5 times a bare Node.js with one worker; at most 2 KB of heap a live call',
  P8: '/metrics does not grow with live calls',
  P9: 'from the SIP answer to /metrics: p99 under 100 ms',
  P11: 'database: at most 900 bytes a call, legs and indexes included',
  P12: 'three times what it can take for 20 s, then half of it: no disconnect, nothing lost or doubled, lag under 1 s within 60 s',
  P13: 'who was missed and not called back: at most 3 % of CPU a call',
  P14: 'libphonenumber-js, which tells what kind of number was dialed: at most 2 % of CPU a call',
} as const
export type Goal = keyof typeof GOALS

const atMost = (value: number): Bound => ({ at: 'most', value })
const atLeast = (value: number): Bound => ({ at: 'least', value })

export const ROWS = [
  ...pipelineRows(),
  ...callbackRows(),
  ...destinationRows(),
  ...socketRows(),
  ...liveRows(),
  ...overloadRows(),
  ...scrapeRows(),
  ...memoryRows(),
  ...logRows(),
  ...fleetRows(),
  ...asteriskRows(),
] as const satisfies readonly RowKind[]

export type RowKey = (typeof ROWS)[number]['key']

/** What a benchmark found: one figure, or one for each repetition; a row without a figure was not measured. */
export type Figures = Partial<Record<RowKey, number | readonly number[] | undefined>>

function pipelineRows() {
  const row = { benchmark: 'pipeline', goal: null } as const
  const ratio = { what: 'the same: CPU against JSON.parse + one insert of the rows', unit: 'times' } as const
  return [
    { ...row, key: 'pipeline.trace.rate', what: 'in process, recorded load: through the pipeline', unit: 'events/s' },
    { ...row, key: 'pipeline.trace.ratio', ...ratio },
    { ...row, key: 'pipeline.lean.rate', what: 'in process, lean mix: through the pipeline', unit: 'events/s' },
    { ...row, key: 'pipeline.lean.ratio', ...ratio },
  ] as const
}

function destinationRows() {
  const row = { benchmark: 'destinations', goal: null } as const
  return [
    {
      ...row,
      key: 'destinations.program.cpu',
      what: 'the whole program, 60 calls a second over the socket: CPU a call',
      unit: 'µs',
    },
    {
      ...row,
      key: 'destinations.program.ratio',
      what: 'the same, against the same less what libphonenumber-js costs in process',
      unit: 'times',
      goal: 'P14',
      bound: atMost(1.02),
    },
    { ...row, key: 'destinations.cpu', what: 'in process, mix in real traffic: CPU a call without', unit: 'µs' },
    {
      ...row,
      key: 'destinations.library',
      what: 'the same: numbers classed by libphonenumber-js, against all national',
      unit: 'times',
    },
    { ...row, key: 'destinations.all', what: 'the same: with columns and counters, against nothing', unit: 'times' },
  ] as const
}

function callbackRows() {
  const row = { benchmark: 'callback', goal: null } as const
  const ratio = { what: 'the same: CPU with missed callers, against without', unit: 'times' } as const
  return [
    {
      ...row,
      key: 'callback.office.cpu',
      what: 'office in real traffic with calls back, 60 calls a second over the socket: CPU a call',
      unit: 'µs',
    },
    { ...row, key: 'callback.office.ratio', ...ratio, goal: 'P13', bound: atMost(1.03) },
    { ...row, key: 'callback.mix.cpu', what: 'mix, the same: CPU a call', unit: 'µs' },
    { ...row, key: 'callback.mix.ratio', ...ratio },
    { ...row, key: 'callback.trace.cpu', what: 'in process, recorded load between phones: CPU a call', unit: 'µs' },
    { ...row, key: 'callback.trace.ratio', ...ratio },
    {
      ...row,
      key: 'callback.real.cpu',
      what: 'in process, mix in real traffic with calls back: CPU a call',
      unit: 'µs',
    },
    { ...row, key: 'callback.real.ratio', ...ratio },
    { ...row, key: 'callback.lean.cpu', what: 'the same mix in lean traffic, the worst case: CPU a call', unit: 'µs' },
    { ...row, key: 'callback.lean.ratio', ...ratio },
    { ...row, key: 'callback.heap', what: 'heap a missed caller who waits, of 100,000', unit: 'bytes' },
    { ...row, key: 'callback.resident.none', what: 'resident memory, nobody waits', unit: 'MB' },
    { ...row, key: 'callback.resident', what: 'resident memory, 100,000 missed callers wait', unit: 'MB' },
  ] as const
}

function socketRows() {
  const row = { benchmark: 'socket', goal: null } as const
  const ratio = { what: 'the same: against ws + JSON.parse', unit: 'times' } as const
  const saturation = { what: 'as fast as it takes them, until all rows are on disk', unit: 'calls/s' } as const
  return [
    { ...row, key: 'socket.trace.cpu', what: 'recorded load over the socket: CPU an event', unit: 'µs' },
    { ...row, key: 'socket.trace.bare', what: 'the same, ws + JSON.parse', unit: 'µs' },
    { ...row, key: 'socket.trace.ratio', ...ratio, goal: 'P1', bound: atMost(1.2) },
    { ...row, key: 'socket.trace.instructions', what: 'the same, in instructions', unit: 'times' },
    {
      ...row,
      key: 'socket.trace.stock',
      goal: 'P2',
      what: 'ari-client with a commit an event, against ours',
      unit: 'times',
      bound: atLeast(5),
    },
    { ...row, key: 'socket.real.events', what: 'simulated mix in real traffic: events a call', unit: 'events' },
    { ...row, key: 'socket.real.cpu', what: 'the same over the socket: CPU an event', unit: 'µs' },
    { ...row, key: 'socket.real.ratio', ...ratio },
    { ...row, key: 'socket.real.saturation', ...saturation, goal: 'P4', bound: atLeast(1_000) },
    { ...row, key: 'socket.real.row', what: 'database, a call', unit: 'bytes', goal: 'P11', bound: atMost(900) },
    { ...row, key: 'socket.lean.events', what: 'simulated mix in lean traffic: events a call', unit: 'events' },
    { ...row, key: 'socket.lean.cpu', what: 'the same over the socket: CPU an event', unit: 'µs' },
    { ...row, key: 'socket.lean.ratio', ...ratio },
    { ...row, key: 'socket.lean.saturation', ...saturation, goal: 'P4', bound: atLeast(6_000) },
  ] as const
}

function liveRows() {
  const row = { benchmark: 'live', goal: 'P3' } as const
  const lean = { benchmark: 'live', goal: null } as const
  return [
    { ...row, key: 'live.seconds', what: 'length of the steady load', unit: 's', bound: atLeast(60) },
    {
      ...row,
      key: 'live.rate',
      what: 'steady real traffic from another process',
      unit: 'calls/s',
      bound: atLeast(300),
    },
    { ...row, key: 'live.events', what: 'events/s in that load', unit: 'events/s', bound: atLeast(23_000) },
    { ...row, key: 'live.lost', what: 'calls lost or doubled, disconnects', unit: 'calls', bound: atMost(0) },
    { ...row, key: 'live.core', goal: null, what: 'CPU, all threads', unit: '% of a core' },
    { ...row, key: 'live.bare', goal: null, what: 'CPU of ws + JSON.parse in its place', unit: '% of a core' },
    { ...row, key: 'live.ratio', what: 'CPU against ws + JSON.parse', unit: 'times', bound: atMost(2) },
    { ...row, key: 'live.cpu', goal: null, what: 'CPU a call', unit: 'ms' },
    { ...row, key: 'live.loop.p99', what: 'event loop held up, p99', unit: 'ms', bound: atMost(5) },
    { ...row, key: 'live.loop.max', what: 'event loop held up, longest', unit: 'ms', bound: atMost(50) },
    { ...row, key: 'live.lag.p50', goal: null, what: 'event lag, p50', unit: 'ms' },
    { ...row, key: 'live.lag.p99', goal: null, what: 'event lag, p99', unit: 'ms' },
    { ...lean, key: 'live.lean.rate', what: 'steady lean traffic from another process', unit: 'calls/s' },
    { ...lean, key: 'live.lean.lost', what: 'calls lost or doubled, disconnects', unit: 'calls' },
    { ...lean, key: 'live.lean.core', what: 'CPU, all threads', unit: '% of a core' },
    { ...lean, key: 'live.lean.ratio', what: 'CPU against ws + JSON.parse', unit: 'times' },
  ] as const
}

function overloadRows() {
  const row = { benchmark: 'overload', goal: 'P12' } as const
  return [
    { ...row, key: 'overload.capacity', goal: null, what: 'recorded load, what it can take', unit: 'calls/s' },
    { ...row, key: 'overload.disconnects', what: 'three times that: disconnects', unit: '', bound: atMost(0) },
    { ...row, key: 'overload.lost', what: 'calls lost or doubled', unit: 'calls', bound: atMost(0) },
    {
      ...row,
      key: 'overload.recovery',
      what: 'then half of it: lag under 1 s after (75: never)',
      unit: 's',
      bound: atMost(60),
    },
    { ...row, key: 'overload.loop', goal: null, what: 'event loop held up meanwhile, longest', unit: 'ms' },
    { ...row, key: 'overload.queue', goal: null, what: 'the most that waited in its queue', unit: 'MB' },
  ] as const
}

function scrapeRows() {
  const row = { benchmark: 'scrape', goal: null } as const
  return [
    { ...row, key: 'scrape.series', what: 'series of a small PBX (20 phones, 2 trunks, 2 queues)', unit: 'series' },
    {
      ...row,
      key: 'scrape.thousand',
      goal: 'P6',
      what: '/metrics holds the loop up, for 1,000 series',
      unit: 'ms',
      bound: atMost(5),
    },
    { ...row, key: 'scrape.gzip', goal: 'P6', what: 'bytes with gzip, of those without', unit: '%', bound: atMost(50) },
    { ...row, key: 'scrape.0.time', what: '/metrics answered, no live call', unit: 'ms' },
    { ...row, key: 'scrape.1000.time', what: '/metrics answered, 1,000 live calls', unit: 'ms' },
    { ...row, key: 'scrape.10000.time', what: '/metrics answered, 10,000 live calls', unit: 'ms' },
    { ...row, key: 'scrape.0.bytes', what: '/metrics without a live call', unit: 'bytes' },
    { ...row, key: 'scrape.10000.bytes', what: '/metrics with 10,000 live calls', unit: 'bytes' },
    {
      ...row,
      key: 'scrape.growth.bytes',
      goal: 'P8',
      what: 'bytes, 10,000 live calls against none',
      unit: 'times',
      bound: atMost(1.05),
    },
    {
      ...row,
      key: 'scrape.growth.time',
      goal: 'P8',
      what: 'loop held up, 10,000 live calls against none',
      unit: 'times',
      bound: atMost(1.25),
    },
    { ...row, key: 'scrape.lag.quiet', what: 'event lag p99 under load, not scraped', unit: 'ms' },
    { ...row, key: 'scrape.lag.scraped', what: 'event lag p99 under load, scraped four times a second', unit: 'ms' },
    { ...row, key: 'scrape.caps.series', what: 'series with every label at its cap', unit: 'series' },
    { ...row, key: 'scrape.caps.loop', what: '/metrics holds the loop up, labels at their caps', unit: 'ms' },
    { ...row, key: 'scrape.caps.bytes', what: 'bytes, labels at their caps', unit: 'bytes' },
    { ...row, key: 'scrape.caps.gzip', what: 'the same with gzip', unit: 'bytes' },
  ] as const
}

function memoryRows() {
  const row = { benchmark: 'memory', goal: 'P7' } as const
  return [
    { ...row, key: 'memory.idle', goal: null, what: 'resident memory, idle', unit: 'MB' },
    { ...row, key: 'memory.bare', goal: null, what: 'of Node.js with one worker', unit: 'MB' },
    { ...row, key: 'memory.ratio', what: 'idle against that', unit: 'times', bound: atMost(1.5) },
    { ...row, key: 'memory.1000', goal: null, what: 'resident memory, 1,000 live calls', unit: 'MB' },
    { ...row, key: 'memory.10000', goal: null, what: 'resident memory, 10,000 live calls', unit: 'MB' },
    { ...row, key: 'memory.call', what: 'heap a live call', unit: 'bytes', bound: atMost(2_048) },
  ] as const
}

function logRows() {
  const row = { benchmark: 'log', goal: null } as const
  return [
    { ...row, key: 'log.rows', goal: 'P5', what: 'calls in the log', unit: 'calls', bound: atLeast(10_000_000) },
    { ...row, key: 'log.size', what: 'size of that log', unit: 'MB' },
    { ...row, key: 'log.start', goal: 'P5', what: 'start until /metrics is right', unit: 's', bound: atMost(1) },
    { ...row, key: 'log.start.empty', what: 'the same on an empty log', unit: 's' },
    { ...row, key: 'log.scan', what: 'counting the rows instead', unit: 's' },
    { ...row, key: 'log.gain', goal: 'P5', what: 'the scan against the start', unit: 'times', bound: atLeast(10) },
    { ...row, key: 'log.page', what: 'API: latest 50 calls', unit: 'ms' },
    { ...row, key: 'log.page.caller', what: 'API: 50 calls of one number', unit: 'ms' },
    { ...row, key: 'log.page.nowhere', what: 'API: a number that is nowhere, among the first million', unit: 'ms' },
    { ...row, key: 'log.retention', what: 'retention deletes', unit: 'calls/s' },
    { ...row, key: 'log.retention.scrape', what: 'longest /metrics meanwhile', unit: 'ms' },
  ] as const
}

function fleetRows() {
  const row = { benchmark: 'fleet', goal: null } as const
  return [
    { ...row, key: 'fleet.sites', what: 'sites that ship into one PostgreSQL', unit: 'sites' },
    { ...row, key: 'fleet.cores', what: 'cores that all of them share with PostgreSQL', unit: 'cores' },
    { ...row, key: 'fleet.calls', what: 'a parcel of 500 calls each, 8 sites at a time', unit: 'calls' },
    { ...row, key: 'fleet.rate', what: 'the same: calls', unit: 'calls/s' },
    { ...row, key: 'fleet.rows', what: 'the same: rows of calls, legs and missed callers', unit: 'rows/s' },
    { ...row, key: 'fleet.parcel', what: 'a parcel with its connection, p50', unit: 'ms' },
    { ...row, key: 'fleet.parcel.p99', what: 'a parcel with its connection, p99', unit: 'ms' },
    { ...row, key: 'fleet.client', what: 'CPU of the sinks a call', unit: 'µs' },
    { ...row, key: 'fleet.server', what: 'CPU of PostgreSQL a call', unit: 'µs' },
    { ...row, key: 'fleet.connections', what: 'connections at a time, most', unit: 'connections' },
    { ...row, key: 'fleet.bytes', what: 'disk a call, with its legs, missed callers and all indexes', unit: 'bytes' },
    { ...row, key: 'fleet.bytes.call', what: 'a row of calls with its indexes', unit: 'bytes' },
    { ...row, key: 'fleet.bytes.leg', what: 'a row of legs with its indexes', unit: 'bytes' },
    { ...row, key: 'fleet.wal', what: 'write-ahead log a call', unit: 'bytes' },
    {
      ...row,
      key: 'fleet.quiet.rate',
      what: 'parcels of 2 calls, each with a connection of its own',
      unit: 'parcels/s',
    },
    { ...row, key: 'fleet.quiet.connections', what: 'the same: connections at a time, p50', unit: 'connections' },
    { ...row, key: 'fleet.quiet.most', what: 'the same: connections at a time, most', unit: 'connections' },
    { ...row, key: 'fleet.quiet.parcel', what: 'the same: a parcel, p50', unit: 'ms' },
    { ...row, key: 'fleet.quiet.p99', what: 'the same: a parcel, p99', unit: 'ms' },
    { ...row, key: 'fleet.quiet.client', what: 'the same: CPU of the sinks a parcel', unit: 'ms' },
    { ...row, key: 'fleet.quiet.server', what: 'the same: CPU of PostgreSQL a parcel', unit: 'ms' },
    { ...row, key: 'fleet.busy.rate', what: 'such parcels over kept connections to pgbouncer', unit: 'parcels/s' },
    { ...row, key: 'fleet.busy.connections', what: 'the same: connections of PostgreSQL, most', unit: 'connections' },
    { ...row, key: 'fleet.busy.parcel', what: 'the same: a parcel, p50', unit: 'ms' },
    { ...row, key: 'fleet.busy.p99', what: 'the same: a parcel, p99', unit: 'ms' },
    { ...row, key: 'fleet.busy.client', what: 'the same: CPU of the sinks a parcel', unit: 'ms' },
    { ...row, key: 'fleet.busy.server', what: 'the same: CPU of PostgreSQL a parcel', unit: 'ms' },
    { ...row, key: 'fleet.busy.bouncer', what: 'the same: CPU of pgbouncer a parcel', unit: 'ms' },
  ] as const
}

function asteriskRows() {
  const row = { benchmark: 'asterisk', goal: null } as const
  return [
    { ...row, key: 'asterisk.channels', what: 'real Asterisk: live channels', unit: 'channels' },
    { ...row, key: 'asterisk.theirs.time.0', what: 'res_prometheus answers, no channel', unit: 'ms' },
    { ...row, key: 'asterisk.theirs.time', what: 'res_prometheus answers, with those channels', unit: 'ms' },
    { ...row, key: 'asterisk.ours.time.0', what: 'ours answers, no channel', unit: 'ms' },
    { ...row, key: 'asterisk.ours.time', what: 'ours answers, with those channels', unit: 'ms' },
    { ...row, key: 'asterisk.theirs.bytes.0', what: 'res_prometheus, no channel', unit: 'bytes' },
    { ...row, key: 'asterisk.theirs.bytes', what: 'res_prometheus, with those channels', unit: 'bytes' },
    { ...row, key: 'asterisk.ours.bytes.0', what: 'ours, no channel', unit: 'bytes' },
    { ...row, key: 'asterisk.ours.bytes', what: 'ours, with those channels', unit: 'bytes' },
    {
      ...row,
      key: 'asterisk.growth',
      what: 'our bytes, with those channels against none',
      unit: 'times',
    },
    { ...row, key: 'asterisk.cpu.alone', what: 'CPU of Asterisk a call, nobody listens', unit: 'ms' },
    { ...row, key: 'asterisk.cpu.full', what: 'the same, we listen', unit: 'ms' },
    { ...row, key: 'asterisk.cpu.lean', what: 'the same, ARI_EVENTS=lean', unit: 'ms' },
    { ...row, key: 'asterisk.cpu.all', what: 'the same, a listener of everything, unfiltered', unit: 'ms' },
    { ...row, key: 'asterisk.answer.p50', what: 'SIP answer until /metrics shows it, p50', unit: 'ms' },
    {
      ...row,
      key: 'asterisk.answer.p99',
      goal: 'P9',
      what: 'SIP answer until /metrics shows it, p99',
      unit: 'ms',
      bound: atMost(100),
    },
  ] as const
}
