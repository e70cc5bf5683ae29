// The models that the weeks are counted with: `for` and `keep_firing_for`, groups, repeats, inhibition, opening hours.
//
// Needs no server: minutes are steps of a list.

import { describe, expect, it } from 'vitest'
import { onCallOf } from './alertmanagerConfig.ts'
import { type Alarm, notificationsOf } from './alertmanagerModel.ts'
import { firingSteps } from './alertState.ts'

describe('firingSteps', () => {
  const run = (active: string, forSteps: number, keepFiringSteps: number) =>
    firingSteps(
      [...active].map((step) => step === '1'),
      { forSteps, keepFiringSteps },
    )
      .map((firing) => (firing ? 'F' : '.'))
      .join('')

  it('fires and resolves at once without a `for`', () => {
    expect(run('0110100', 0, 0)).toBe('.FF.F..')
  })
  it('waits for `for`, anew after each lull', () => {
    expect(run('1101111', 2, 0)).toBe('.....FF')
  })
  it('bridges lulls shorter than `keep_firing_for`', () => {
    expect(run('1001000000', 0, 3)).toBe('FFFFFFF...')
  })
  it('keeps nothing that did not fire yet', () => {
    expect(run('100000', 2, 3)).toBe('......')
  })
})

describe('notificationsOf', () => {
  const onCall = onCallOf({
    route: {
      receiver: 'root',
      group_by: ['alertname'],
      group_wait: '1m',
      group_interval: '5m',
      repeat_interval: '1h',
      routes: [
        { matchers: ['hours="office"'], receiver: 'day', active_time_intervals: ['open'], continue: true },
        { matchers: ['hours=~"off.*"'], receiver: 'record', mute_time_intervals: ['open'] },
      ],
    },
    inhibit_rules: [{ source_matchers: ['alertname="Big"'], target_matchers: ['alertname!="Big"'], equal: ['job'] }],
    time_intervals: [
      {
        name: 'open',
        time_intervals: [{ times: [{ start_time: '01:00', end_time: '02:00' }], weekdays: ['monday:friday'] }],
      },
    ],
  })
  const alarm = (labels: Record<string, string>, from: number, to: number): Alarm => ({
    labels: { job: 'asterisk', ...labels },
    firing: Array.from({ length: 200 }, (_, minute) => minute >= from && minute < to),
  })
  const notified = (alarms: readonly Alarm[]) =>
    notificationsOf(alarms, onCall, 200).map(
      ({ minute, kind, receiver, alarms: those }) =>
        `${minute} ${receiver} ${kind} ${those.map(({ labels }) => labels['alertname']).join('+')}`,
    )

  it('notifies after group_wait, again after repeat_interval, and when it is resolved', () => {
    expect(notified([alarm({ alertname: 'One' }, 10, 80)])).toEqual([
      '11 root firing One',
      '71 root repeat One',
      '81 root resolved One',
    ])
  })
  it('notifies of two alerts of a group at once, and of one that joins at the next group_interval', () => {
    const apart = { alertname: 'One' }
    expect(notified([alarm({ ...apart, of: 'a' }, 10, 40), alarm({ ...apart, of: 'b' }, 13, 40)])).toEqual([
      '11 root firing One',
      '16 root firing One+One',
      '41 root resolved One+One',
    ])
  })
  it('inhibits an alert for as long as the inhibiting one fires', () => {
    expect(notified([alarm({ alertname: 'Big' }, 10, 30), alarm({ alertname: 'Small' }, 10, 50)])).toEqual([
      '11 root firing Big',
      '31 root resolved Big',
      '31 root firing Small',
      '51 root resolved Small',
    ])
  })
  it('inhibits nothing of another job', () => {
    expect(notified([alarm({ alertname: 'Big', job: 'x' }, 10, 30), alarm({ alertname: 'Small' }, 10, 30)])).toContain(
      '11 root firing Small',
    )
  })
  it('mutes one route out of hours, and not the other', () => {
    expect(notified([alarm({ alertname: 'Day', hours: 'office' }, 10, 90)])).toEqual([
      '11 record firing Day',
      '61 day firing Day',
      '91 day resolved Day',
    ])
  })
  it('refuses a configuration that it does not model', () => {
    expect(() => onCallOf({ route: { receiver: 'root', match: { a: 'b' } } })).toThrow()
    expect(() => onCallOf({ route: { receiver: 'root', matchers: ['nonsense'] } })).toThrow()
  })
})
