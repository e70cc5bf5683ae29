// What people are told in the simulated offices: the notifications that the shipped alertmanager.yml makes of alarms.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { onCallOf } from './alertmanagerConfig.ts'
import { type Alarm, type Notification, notificationsOf } from './alertmanagerModel.ts'
import { MINUTES_A_DAY } from './officeWeek.ts'

/** Its notifications are kept for the record: nobody is told. */
const FOR_THE_RECORD = 'quiet'

const onCall = onCallOf(parse(readFileSync(join(import.meta.dirname, '../../../prometheus/alertmanager.yml'), 'utf8')))

/** The notifications about one office (its `instance`) that tell somebody of trouble, in so many minutes from Monday 00:00. */
export function notificationsTold(
  instance: string,
  alarms: readonly Alarm[],
  minutes: number,
): readonly Notification[] {
  const own = alarms.filter(({ labels }) => labels['instance'] === instance)
  return notificationsOf(own, onCall, minutes).filter(
    ({ kind, receiver }) => kind !== 'resolved' && receiver !== FOR_THE_RECORD,
  )
}

/** The name of the alert that a notification tells first. */
export function alertOf({ alarms: [alarm] }: Notification): string {
  return alarm?.labels['alertname'] ?? ''
}

/** The day, counted from Monday, and the time of day: `2 10:05`. */
export function clockOf(minute: number): string {
  const [hours, minutes] = [Math.floor((minute % MINUTES_A_DAY) / 60), minute % 60]
  return `${Math.floor(minute / MINUTES_A_DAY)} ${hours}:${String(minutes).padStart(2, '0')}`
}
