// What the benchmarks measure, row by row, and what each row is to be: the one list behind the table, the JSON and the goals.
//
// A goal (P1 to P9) is met when all of its rows are. Ratios are of one run on one machine; absolute figures move with it.

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

export const BENCHMARK_NAMES = ['pipeline', 'socket', 'live', 'scrape', 'memory', 'log', 'asterisk'] as const
export type BenchmarkName = (typeof BENCHMARK_NAMES)[number]

export const GOALS = {
  P1: 'CPU an event, against ws + JSON.parse: at most 1.3 times',
  P2: 'CPU an event, against ari-client with a commit each: at least 4 times less',
  P3: '1,000 calls/s for 60 s, scraped each second: nothing lost, under 35 % of a core, loop p99 under 5 ms, max under 100 ms',
  P4: 'at least 5,000 calls/s of 28 events',
  P5: 'start on 10 million rows: under 1 s, at least 10 times less than the scan',
  P6: '/metrics at 1,000 series: loop blocked under 5 ms; gzip on request',
  P7: 'memory: under 90, 130 and 200 MB idle and with 10,000 and 50,000 live calls; under 1 KB of heap a call',
  P8: '/metrics does not grow with live calls',
  P9: 'from the SIP answer to /metrics: p99 under 100 ms',
} as const
export type Goal = keyof typeof GOALS

const atMost = (value: number): Bound => ({ at: 'most', value })
const atLeast = (value: number): Bound => ({ at: 'least', value })

export const ROWS = [
  ...pipelineRows(),
  ...socketRows(),
  ...liveRows(),
  ...scrapeRows(),
  ...memoryRows(),
  ...logRows(),
  ...asteriskRows(),
] as const satisfies readonly RowKind[]

export type RowKey = (typeof ROWS)[number]['key']

/** What a benchmark found; a row without a figure was not measured. */
export type Figures = Partial<Record<RowKey, number>>

function pipelineRows() {
  const row = { benchmark: 'pipeline', goal: null } as const
  return [
    { ...row, key: 'pipeline.trace.rate', what: 'in process, recorded load: through the pipeline', unit: 'events/s' },
    {
      ...row,
      key: 'pipeline.trace.ratio',
      what: 'the same: CPU against JSON.parse + one insert of the rows',
      unit: 'times',
    },
    { ...row, key: 'pipeline.mix.rate', what: 'in process, simulated mix: through the pipeline', unit: 'events/s' },
    {
      ...row,
      key: 'pipeline.mix.ratio',
      what: 'the same: CPU against JSON.parse + one insert of the rows',
      unit: 'times',
    },
  ] as const
}

function socketRows() {
  const row = { benchmark: 'socket', goal: null } as const
  return [
    { ...row, key: 'socket.trace.cpu', what: 'recorded load over the socket: CPU an event', unit: 'µs' },
    { ...row, key: 'socket.trace.bare', what: 'the same, ws + JSON.parse', unit: 'µs' },
    {
      ...row,
      key: 'socket.trace.ratio',
      goal: 'P1',
      what: 'the same: against ws + JSON.parse',
      unit: 'times',
      bound: atMost(1.3),
    },
    {
      ...row,
      key: 'socket.trace.stock',
      goal: 'P2',
      what: 'ari-client with a commit an event, against ours',
      unit: 'times',
      bound: atLeast(4),
    },
    { ...row, key: 'socket.mix.cpu', what: 'simulated mix over the socket: CPU an event', unit: 'µs' },
    {
      ...row,
      key: 'socket.mix.ratio',
      goal: 'P1',
      what: 'the same: against ws + JSON.parse',
      unit: 'times',
      bound: atMost(1.3),
    },
    { ...row, key: 'socket.mix.events', what: 'events a call in that mix', unit: 'events' },
    {
      ...row,
      key: 'socket.saturation',
      goal: 'P4',
      what: 'as fast as it takes them, until all rows are on disk',
      unit: 'calls/s',
      bound: atLeast(5000),
    },
    { ...row, key: 'socket.row', what: 'database, a call', unit: 'bytes' },
  ] as const
}

function liveRows() {
  const row = { benchmark: 'live', goal: 'P3' } as const
  return [
    { ...row, key: 'live.seconds', what: 'length of the steady load', unit: 's', bound: atLeast(60) },
    { ...row, key: 'live.rate', goal: null, what: 'steady load from another process', unit: 'calls/s' },
    { ...row, key: 'live.events', what: 'events/s in that load', unit: 'events/s', bound: atLeast(25_000) },
    { ...row, key: 'live.lost', what: 'calls lost or doubled, disconnects', unit: 'calls', bound: atMost(0) },
    { ...row, key: 'live.core', what: 'CPU, all threads', unit: '% of a core', bound: atMost(35) },
    { ...row, key: 'live.bare', goal: null, what: 'CPU of ws + JSON.parse in its place', unit: '% of a core' },
    { ...row, key: 'live.cpu', goal: null, what: 'CPU a call', unit: 'ms' },
    { ...row, key: 'live.loop.p99', what: 'event loop held up, p99', unit: 'ms', bound: atMost(5) },
    { ...row, key: 'live.loop.max', what: 'event loop held up, longest', unit: 'ms', bound: atMost(100) },
    { ...row, key: 'live.lag.p50', goal: null, what: 'event lag, p50', unit: 'ms' },
    { ...row, key: 'live.lag.p99', goal: null, what: 'event lag, p99', unit: 'ms' },
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
    { ...row, key: 'memory.0', what: 'resident memory, idle', unit: 'MB', bound: atMost(90) },
    { ...row, key: 'memory.1000', goal: null, what: 'resident memory, 1,000 live calls', unit: 'MB' },
    { ...row, key: 'memory.10000', what: 'resident memory, 10,000 live calls', unit: 'MB', bound: atMost(130) },
    { ...row, key: 'memory.50000', what: 'resident memory, 50,000 live calls', unit: 'MB', bound: atMost(200) },
    { ...row, key: 'memory.call', what: 'heap a live call', unit: 'bytes', bound: atMost(1024) },
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
