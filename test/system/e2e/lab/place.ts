// Where the test's own Asterisk lies, and every port it and its phones use: the one place to change them.
//
// All of it is on 127.0.0.1, and off the usual ports, so that it can run beside another Asterisk. Nothing is ever
// written outside `home`. The names and passwords here open nothing but this Asterisk.

import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { ASTERISK_LAB, ASTERISK_LAB_SUITE } = process.env

/** The release of Debian whose Asterisk is installed: `bullseye` has 16.28, `sid` the newest. */
export const SUITE = ASTERISK_LAB_SUITE ?? 'sid'

const home = ASTERISK_LAB ?? join(tmpdir(), `asterisk-ari-exporter-lab${SUITE === 'sid' ? '' : `-${SUITE}`}`)

/** Folders, absolute: `root` is Asterisk's whole file system, `run` what one run leaves (log, sipp files, databases). */
export const PLACE = {
  home,
  root: join(home, 'asterisk-root'),
  run: join(home, 'asterisk-run'),
} as const

/** UDP and TCP ports. Phones and trunks are called on theirs; callers of every kind take them from `firstCaller` upwards. */
export const PORTS = {
  sip: 5560,
  ari: 8188,
  ami: 5138,
  rtpFirst: 24000,
  rtpLast: 25999,
  phone101: 5601,
  phone102: 5602,
  phone103: 5603,
  phone104: 5604,
  phone106: 5606,
  trunkA: 5620,
  trunkCc: 5621,
  phones: 5630,
  silence: 5632,
  audioSocket: 5640,
  iax: 5645,
  firstCaller: 5700,
  lastCaller: 5799,
  firstMedia: 26000,
} as const

/** Who may speak ARI (and, `user`, AMI), and the application that the dialplan hands calls to. */
export const ACCESS = {
  user: 'lab',
  readOnlyUser: 'watcher',
  password: 'loopback-only',
  application: 'callcenter-app',
} as const

/** The phones that scripts play, four for each of eighty scenarios: 3001 to 3004, 3011 to 3014, … */
export const CAST: readonly string[] = Array.from({ length: 320 }, (_, index) =>
  String(3001 + Math.floor(index / 4) * 10 + (index % 4)),
)

export const ARI_URL = `http://127.0.0.1:${PORTS.ari}`

/** Where Asterisk writes its own account of the calls, as seen from outside its file system. */
export const RECORDS = {
  cdr: join(PLACE.root, 'var/log/asterisk/cdr-custom/calls.csv'),
  cdrCsv: join(PLACE.root, 'var/log/asterisk/cdr-csv/Master.csv'),
  cel: join(PLACE.root, 'var/log/asterisk/cel-custom/events.csv'),
  queueLog: join(PLACE.root, 'var/log/asterisk/queue_log'),
} as const
