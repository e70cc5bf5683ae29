// What Alertmanager would send, minute by minute, of alerts that fire and cease: groups, waits, repeats, inhibition and
// hours in which a route is silent. A small model of it, so that weeks can be counted in a second.
//
// Pure. Source: Alertmanager's dispatch/dispatch.go (when a group is looked at) and notify/notify.go (what is sent then).

import { isMatched, type Labels, type OnCall, type Route, routesOf } from './alertmanagerConfig.ts'

/** One alert over the whole span: what it is called, and whether it fires in each minute. */
export interface Alarm {
  readonly labels: Labels
  readonly firing: readonly boolean[]
}

export interface Notification {
  readonly minute: number
  readonly kind: 'firing' | 'repeat' | 'resolved'
  readonly receiver: string
  /** What fires in it, or with `resolved` what no longer does. */
  readonly alarms: readonly Alarm[]
}

interface Group {
  readonly route: Route
  readonly alarms: readonly Alarm[]
  /** The minute of the next look; null while the group has no alert. */
  nextLook: number | null
  notified: { readonly minute: number; readonly firing: ReadonlySet<Alarm> } | null
}

/** All that is sent within `minutes`, in order. */
export function notificationsOf(alarms: readonly Alarm[], onCall: OnCall, minutes: number): readonly Notification[] {
  const groups = groupsOf(alarms, onCall)
  const sent: Notification[] = []
  for (let minute = 0; minute < minutes; minute += 1) {
    const firing = new Set(alarms.filter((alarm) => alarm.firing[minute] === true))
    const heard = new Set([...firing].filter((alarm) => !isInhibited(alarm, firing, onCall)))
    for (const group of groups) {
      const notification = lookAt(group, { minute, firing, heard, onCall })
      if (notification !== null) {
        sent.push(notification)
      }
    }
  }
  return sent
}

function groupsOf(alarms: readonly Alarm[], onCall: OnCall): readonly Group[] {
  const byRoute = new Map<Route, Map<string, Alarm[]>>()
  for (const alarm of alarms) {
    for (const route of routesOf(onCall.route, alarm.labels)) {
      const groups = byRoute.get(route) ?? new Map<string, Alarm[]>()
      const key = JSON.stringify(route.groupBy.map((label) => alarm.labels[label] ?? ''))
      groups.set(key, [...(groups.get(key) ?? []), alarm])
      byRoute.set(route, groups)
    }
  }
  return [...byRoute].flatMap(([route, groups]) =>
    [...groups.values()].map((members) => ({ route, alarms: members, nextLook: null, notified: null })),
  )
}

interface Now {
  readonly minute: number
  readonly firing: ReadonlySet<Alarm>
  /** Those that fire and are not inhibited. */
  readonly heard: ReadonlySet<Alarm>
  readonly onCall: OnCall
}

function lookAt(group: Group, now: Now): Notification | null {
  const { minute } = now
  const present = group.alarms.filter((alarm) => now.firing.has(alarm))
  if (group.nextLook === null) {
    if (present.length === 0) {
      return null
    }
    group.nextLook = minute + group.route.groupWaitMin
  }
  if (minute < group.nextLook) {
    return null
  }
  group.nextLook = present.length === 0 ? null : minute + group.route.groupIntervalMin
  if (!group.route.isOpen(minute)) {
    return null
  }
  return whatIsNew(group, now)
}

function whatIsNew(group: Group, { minute, firing, heard }: Now): Notification | null {
  const notified = group.notified?.firing ?? new Set<Alarm>()
  const audible = group.alarms.filter((alarm) => heard.has(alarm))
  const ceased = [...notified].filter((alarm) => !firing.has(alarm))
  const notificationOf = (kind: Notification['kind'], alarms: readonly Alarm[]): Notification => {
    group.notified = { minute, firing: new Set(audible) }
    return { minute, kind, receiver: group.route.receiver, alarms }
  }
  if (audible.some((alarm) => !notified.has(alarm))) {
    return notificationOf('firing', audible)
  }
  if (ceased.length > 0) {
    return notificationOf('resolved', ceased)
  }
  const isDue = group.notified !== null && minute - group.notified.minute >= group.route.repeatIntervalMin
  return audible.length > 0 && isDue ? notificationOf('repeat', audible) : null
}

function isInhibited(target: Alarm, firing: ReadonlySet<Alarm>, { inhibitions }: OnCall): boolean {
  return inhibitions.some(
    (rule) =>
      isMatched(rule.target, target.labels) &&
      [...firing].some(
        (source) =>
          source !== target &&
          isMatched(rule.source, source.labels) &&
          rule.equal.every((label) => (source.labels[label] ?? '') === (target.labels[label] ?? '')),
      ),
  )
}
