// Misspelt and renamed settings are reported; variables of other programs are not.

import { expect, test } from 'vitest'
import { misspelt } from '../../../src/settings/misspelt.ts'

test('ignores settings and the variables of other programs', () => {
  const environment = {
    ARI_USER: 'exporter',
    PATH: '/bin',
    HTTP_PROXY: 'x',
    DB_HOST: 'x',
    LOGNAME: 'x',
    LOG_DIR: 'x',
    HOME: 'x',
    TRUNK_DIR: 'x',
  }
  expect(misspelt(environment)).toEqual([])
})

test('suggests the nearest setting, and never shows a value', () => {
  const environment = {
    ARI_PASWORD: 's3cret',
    log_level: 'debug',
    HTTP_PROT: '1',
    ARI_HOST: 'pbx',
    FLEET_NODE_URLS: 'x',
  }
  expect(misspelt(environment)).toEqual([
    'ARI_PASWORD is not a setting of this program: did you mean ARI_PASSWORD?',
    'log_level is not a setting of this program: did you mean LOG_LEVEL?',
    'HTTP_PROT is not a setting of this program: did you mean HTTP_PORT?',
    'ARI_HOST is not a setting of this program: see --help',
    'FLEET_NODE_URLS is not a setting of this program: see --help',
  ])
})

test('names the new name of a renamed setting', () => {
  expect(misspelt({ HTTP_OPEN_METRICS: 'true' })).toEqual([
    'HTTP_OPEN_METRICS has no effect: the setting is now called HTTP_METRICS_WITHOUT_AUTH',
  ])
})
