// The metrics for Prometheus. Facts add to counters and histograms; live gauges are read at a scrape.
//
// The amounts that a fact adds are returned, so that the call log can store them with the call's row; after a restart the counters
// continue from there. Knows no table, no socket and no clock.

import { Registry } from 'prom-client'
import type { Direction } from '../call/event.ts'
import type { SinkName } from '../shipping/sink.ts'
import type { Total } from '../totals/total.ts'
import { createLabelLimiter, type LabelLimiters } from './cardinality.ts'
import type { Fact } from './catalogue/entry.ts'
import type { OpenLabel } from './catalogue/labelValues.ts'
import { type Exposition, type ExpositionFormat, expositionOf } from './exposition.ts'
import type { GaugeRegistry } from './liveGauges.ts'
import { observationsOf, openValuesOf, originOf } from './observe.ts'
import { type CountOperatorTime, operatorTimeCounter } from './operatorTime.ts'
import { createOutboxMetrics, type OutboxMetrics } from './outboxMetrics.ts'
import { createPersistentMetrics, type OpenCall, type RestoreReport } from './persistentMetrics.ts'
import { createInstruments, type ExternalLabelValues, type Instruments } from './registry.ts'
import { addRuntimeMetrics } from './runtimeMetrics.ts'
import { createSelfMetrics, type SelfMetrics } from './selfMetrics.ts'
import { createStartedCalls } from './startedCalls.ts'
import { counterTotals } from './totals.ts'
import { type CountTrunksFull, trunksFullCounter } from './trunkCapacity.ts'

/** Versions, limits, and the closed lists of label values that other folders own. */
export interface MetricsOptions {
  readonly version: string
  readonly revision: string
  readonly nodeVersion: string
  /** How many values an open label can have; default 100. */
  readonly labelLimit?: number
  /** The same for labels whose values are phones; default `labelLimit`. */
  readonly phoneLabelLimit?: number
  /** A value of this label is counted as `other` because of its limit; called once for each label. */
  readonly limitReached?: (label: OpenLabel) => void
  /** Event types of the PBX that are counted by name. */
  readonly frameTypes: readonly string[]
  readonly malformedReasons: readonly string[]
  readonly disconnectReasons: readonly string[]
  readonly writeErrorReasons: readonly string[]
  /** Names of lines; default none. */
  readonly lines?: readonly string[]
  /** Sinks of ended calls that are configured; default none. */
  readonly sinks?: readonly SinkName[]
  /** The PBX's time, epoch ms. */
  readonly now: () => number
  /** Whether to add the metrics of the process and of Node.js; default true. Their observers last as long as the process. */
  readonly runtimeMetrics?: boolean
}

export interface Metrics extends SelfMetrics {
  /** The registry for `registerLiveGauges`. */
  readonly registry: GaugeRegistry
  /** Counts a fact. Returns the amounts to add to the stored sums, in one transaction with the row of the fact. */
  observe(fact: Fact): readonly Total[]
  /**
   * Restores the stored sums; to be called once, before the first fact, with the calls that have an open row. A sum that the
   * catalogue no longer knows is left out and counted in the report.
   */
  restore(totals: readonly Total[], openCalls: readonly OpenCall[]): RestoreReport
  readonly operatorTime: CountOperatorTime
  readonly trunksFull: CountTrunksFull
  readonly outbox: OutboxMetrics
  /** Calls that ever ended, and how many of them were missed, including earlier runs; for the page. */
  callsSoFar(): { readonly ended: number; readonly missed: number }
  /** All metrics in a format, by default the text format of Prometheus, and the content type. */
  expose(format?: ExpositionFormat): Promise<Exposition>
}

const DEFAULT_LABEL_LIMIT = 100

/** Creates all metrics on a new registry, every series of closed labels at 0. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry()
  const external: ExternalLabelValues = {
    events: options.frameTypes,
    malformedFrames: options.malformedReasons,
    disconnects: options.disconnectReasons,
    calllogWriteErrors: options.writeErrorReasons,
    lineCalls: options.lines ?? [],
    sinks: options.sinks ?? [],
  }
  const instruments = createInstruments(registry, external)
  const { version, revision, nodeVersion, now } = options
  instruments.setGauge('buildInfo', { version, revision, node_version: nodeVersion }, 1)
  if (options.runtimeMetrics !== false) {
    addRuntimeMetrics(registry)
  }

  const limiters = createLabelLimiters(instruments, options)
  const persistent = createPersistentMetrics(instruments, limiters)
  const countStarted = (direction: Direction): void => instruments.counter('callsStarted').inc({ direction })
  const started = createStartedCalls(countStarted)
  const exporter = createSelfMetrics(instruments, external)
  const collectors: (() => void)[] = [started.settle, exporter.flush]

  return {
    ...exporter,
    registry: { instruments, limiters, now, beforeScrape: (read) => void collectors.push(read) },
    observe(fact) {
      const startedSteps = started
        .observe(fact)
        .flatMap(({ direction, value }) => counterTotals('callsStarted', { direction }, value))
      const origin = originOf(fact, now)
      const newSeries = openValuesOf(fact).flatMap(persistent.registerParty)
      return [
        ...startedSteps,
        ...newSeries,
        ...observationsOf(fact).flatMap((observation) => persistent.record(observation, origin)),
      ]
    },
    restore(totals, openCalls) {
      started.restore(openCalls.map(({ channelId }) => channelId))
      return persistent.restore(totals, openCalls)
    },
    operatorTime: operatorTimeCounter(instruments, limiters.operator, persistent.registerParty),
    trunksFull: trunksFullCounter(instruments, limiters.trunk, persistent.registerParty),
    outbox: createOutboxMetrics(instruments),
    callsSoFar: persistent.callsSoFar,
    async expose(format = 'text') {
      // No await before or between these: all of them must read the same moment.
      for (const collect of collectors) {
        collect()
      }
      return await expositionOf(registry, format)
    },
  }
}

/** Labels whose values are phones: `endpoint` has the trunks too. */
const OF_PHONES: readonly OpenLabel[] = ['operator', 'endpoint']

/** Which of the limits a label has. */
export function limitSettingOf(label: OpenLabel): 'labelLimit' | 'phoneLabelLimit' {
  return OF_PHONES.includes(label) ? 'phoneLabelLimit' : 'labelLimit'
}

function createLabelLimiters(instruments: Instruments, options: MetricsOptions): LabelLimiters {
  const overflow = instruments.counter('labelOverflow')
  const { labelLimit = DEFAULT_LABEL_LIMIT, phoneLabelLimit = labelLimit, limitReached } = options
  const limits = { labelLimit, phoneLabelLimit }
  const told = new Set<OpenLabel>()
  const limiter = (label: OpenLabel) =>
    createLabelLimiter(limits[limitSettingOf(label)], () => {
      overflow.inc({ label })
      if (!told.has(label)) {
        told.add(label)
        limitReached?.(label)
      }
    })
  return {
    trunk: limiter('trunk'),
    operator: limiter('operator'),
    queue: limiter('queue'),
    endpoint: limiter('endpoint'),
    country: limiter('country'),
  }
}
