// The exporters of the fleet: connects to each, and knows the state and the live calls of all.
//
// A connection that broke for a moment resumes where it was. After some seconds the live calls of the node are not known any more: they
// leave the list, and the node is named with the reason. Only so many calls are kept in memory, over all nodes.

import type { FleetActiveCall, FleetChange, NodeEntry, NodeState } from '../http/live/fleetMessage.ts'
import type { Logger } from '../log.ts'
import { createNode, type Node } from './node.ts'
import { createRoom } from './nodeCalls.ts'
import { readNodeMessage } from './nodeMessage.ts'
import { createNodeSocket, type NodeSocket, type NodeSocketOptions, type NodeTiming } from './nodeSocket.ts'

export interface NodesOptions extends Pick<NodeSocketOptions, 'token' | 'ca'> {
  /** Addresses of exporters. */
  readonly urls: readonly string[]
  /** What differs from the defaults. */
  readonly timing?: Partial<NodesTiming>
  /** How many live calls are kept. */
  readonly maxCalls?: number
}

export interface NodesTiming extends NodeTiming {
  /** So long after a loss, the live calls of a node are still taken to be as they were. */
  readonly graceMs: number
}

export interface NodesDependencies {
  readonly publish: (make: (seq: number) => FleetChange) => void
  readonly log: Logger
  /** Epoch ms. */
  readonly now: () => number
  /** 0..1. */
  readonly random: () => number
}

export interface Nodes {
  /** In the order of the configuration. */
  list(): readonly NodeEntry[]
  /** Each as it is when it is read. */
  calls(): Iterable<FleetActiveCall>
  callsActive(): number
  states(): readonly NodeState[]
  start(): void
  stop(): void
}

const TIMING: NodesTiming = {
  startWithinMs: 1_000,
  silentMs: 10_000,
  graceMs: 5_000,
  firstRetryMs: 1_000,
  lastRetryMs: 30_000,
}

/** A node that stays live for so long is good: the next loss does not make it wait longer. */
const GOOD_AFTER_MS = 10_000

/** Some 600 bytes each. */
const MAX_CALLS = 100_000

export function createNodes(options: NodesOptions, deps: NodesDependencies): Nodes {
  const { urls, maxCalls = MAX_CALLS } = options
  const room = createRoom(maxCalls)
  const timing = { ...TIMING, ...options.timing }
  const all = urls.map((url) => watchNode({ ...options, url, timing }, { ...deps, ...room, known: warnOfTwin }))
  const nodes = all.map(({ node }) => node)
  function warnOfTwin(node: Node): void {
    const { site } = node.entry()
    const twin = nodes.find((other) => other !== node && other.entry().site === site)
    if (twin !== undefined) {
      const both = [twin.url, node.url]
      deps.log.warn({ site, nodes: both }, 'two nodes have the same SITE: give each exporter a name of its own')
    }
  }

  return {
    list: () => nodes.map((node) => node.entry()),
    *calls() {
      for (const node of nodes) {
        yield* node.calls()
      }
    },
    callsActive: () => nodes.reduce((sum, node) => sum + (node.state() === 'live' ? node.callsActive() : 0), 0),
    states: () => nodes.map((node) => node.state()),
    start() {
      for (const { socket } of all) {
        socket.start()
      }
    },
    stop() {
      for (const watched of all) {
        watched.stop()
      }
    },
  }
}

interface WatchOptions extends NodeSocketOptions {
  readonly timing: NodesTiming
}

type WatchDependencies = NodesDependencies &
  Parameters<typeof createNode>[1] & {
    /** The live calls of the node are known. */
    readonly known: (node: Node) => void
  }

interface Watched {
  readonly node: Node
  readonly socket: NodeSocket
  stop(): void
}

function watchNode(options: WatchOptions, deps: WatchDependencies): Watched {
  const { url, timing } = options
  const { log } = deps
  const node = createNode(url, deps)
  let grace: NodeJS.Timeout | null = null
  let why = ''
  let liveSince = 0

  const giveUp = (): void => {
    clearTimeout(grace ?? undefined)
    grace = null
    if (node.state() !== 'unreachable') {
      log.warn({ node: url, site: node.entry().site, why }, 'a node cannot be reached: its live calls are not known')
    }
    node.lose(why)
  }
  const lost = (reason: string): void => {
    why = reason
    if (node.state() !== 'live') {
      giveUp()
    } else if (grace === null) {
      grace = setTimeout(() => giveUp(), timing.graceMs)
    }
  }
  const received = (text: string): void => {
    const message = readNodeMessage(text)
    if (message === null) {
      // Whatever connects next may send the same: the node must not count as live meanwhile.
      why = 'it is not an exporter of this version: update the fleet first, then its exporters'
      giveUp()
      socket.again(why)
      return
    }
    const wasLive = node.state() === 'live'
    if (!node.receive(message)) {
      // It was behind and left changes out: only a snapshot tells what they were.
      node.forgetPosition()
      socket.again('it left changes out')
      return
    }
    if (node.state() === 'live') {
      clearTimeout(grace ?? undefined)
      grace = null
      liveSince = wasLive ? liveSince : deps.now()
      if (deps.now() - liveSince >= GOOD_AFTER_MS) {
        socket.noteGood()
      }
    }
    if (!wasLive && node.state() === 'live') {
      log.info({ node: url, site: node.entry().site }, 'the live calls of a node are known')
      deps.known(node)
    }
  }
  const socket = createNodeSocket(options, { position: node.position, random: deps.random, received, lost })
  return {
    node,
    socket,
    stop() {
      clearTimeout(grace ?? undefined)
      socket.stop()
    },
  }
}
