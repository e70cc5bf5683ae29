// The OpenAPI document of a fleet, made as that of one exporter (openapi.ts).

import { FLEET_CSV_COLUMNS, FLEET_MISSED_CALLER_COLUMNS } from '../../query/callCsv.ts'
import { FLEET_SHAPES } from '../../query/fleetSchema.ts'
import {
  FLEET_ACTIVE_QUERY,
  FLEET_CALLS_CSV_QUERY,
  FLEET_CALLS_QUERY,
  FLEET_MISSED_CALLERS_CSV_QUERY,
  FLEET_MISSED_CALLERS_QUERY,
  FLEET_PERIOD_QUERY,
  FLEET_QUEUES_QUERY,
  FLEET_STATS_QUERY,
  FLEET_TRUNKS_QUERY,
} from './fleetParams.ts'
import { NODE_SHAPES } from './fleetShapes.ts'
import { csvOf, documentOf, get, type Json, parametersOf } from './openapi.ts'

/** The document, with the name and version of the program. */
export function fleetOpenApiDocument(program: { readonly name: string; readonly version: string }): Json {
  return documentOf(program, {
    subject: 'The central call log of many Asterisk PBXs, and their calls of now',
    paths: PATHS,
    shapes: SHAPES,
  })
}

const PATHS: Json = {
  '/api/calls': get({
    id: 'listCalls',
    summary: 'Calls of all sites, page by page',
    parameters: parametersOf(FLEET_CALLS_QUERY),
    answer: 'CallPage',
  }),
  '/api/calls.csv': get({
    id: 'downloadCalls',
    summary: 'All calls of a filter as CSV',
    parameters: parametersOf(FLEET_CALLS_CSV_QUERY),
    answer: csvOf(FLEET_CSV_COLUMNS),
  }),
  '/api/calls/active': get({
    id: 'listActiveCalls',
    summary: 'Calls that live now at the nodes that are reached',
    parameters: parametersOf(FLEET_ACTIVE_QUERY),
    answer: 'ActiveCalls',
  }),
  '/api/calls/{id}': get({
    id: 'getCall',
    summary: 'One call with its legs and its voice quality',
    parameters: [
      {
        name: 'id',
        in: 'path',
        required: true,
        description:
          'The `id` of the call, or its `channel_id`: the `call_id` of an exemplar. Of several sites with such a channel, the latest call.',
        schema: { type: 'string', minLength: 1 },
      },
    ],
    answer: 'CallStory',
    missing: 'There is no such call.',
  }),
  '/api/missed-callers': get({
    id: 'listMissedCallers',
    summary: 'People outside who were missed at a site, and what closed them, page by page',
    parameters: parametersOf(FLEET_MISSED_CALLERS_QUERY),
    answer: 'MissedCallerPage',
  }),
  '/api/missed-callers.csv': get({
    id: 'downloadMissedCallers',
    summary: 'All missed callers of a filter as CSV',
    parameters: parametersOf(FLEET_MISSED_CALLERS_CSV_QUERY),
    answer: csvOf(FLEET_MISSED_CALLER_COLUMNS),
  }),
  '/api/operators': get({
    id: 'listOperators',
    summary: 'What was offered to each phone of each site and what became of it',
    parameters: parametersOf(FLEET_PERIOD_QUERY),
    answer: 'Operators',
  }),
  '/api/stats': get({
    id: 'getStats',
    summary: 'The key figures of a period, or a series of them',
    parameters: parametersOf(FLEET_STATS_QUERY),
    answer: 'StatsAnswer',
  }),
  '/api/queues': get({
    id: 'listQueues',
    summary: 'Queues of each site: who waits in each now, and what became of its calls',
    parameters: parametersOf(FLEET_QUEUES_QUERY),
    answer: 'Queues',
  }),
  '/api/trunks': get({
    id: 'listTrunks',
    summary: 'Trunks of each site: the attempts of today, and how many lines the busiest hour of each needs',
    parameters: parametersOf(FLEET_TRUNKS_QUERY),
    answer: 'Trunks',
  }),
  '/api/sites': get({ id: 'listSites', summary: 'The sites that have calls', parameters: [], answer: 'Sites' }),
  '/api/nodes': get({
    id: 'listNodes',
    summary: 'The exporters, and whether each is reached',
    parameters: [],
    answer: 'Nodes',
  }),
  '/api/sd': get({
    id: 'listScrapeTargets',
    summary: 'The exporters for the HTTP service discovery of Prometheus',
    parameters: [],
    answer: 'ScrapeTargets',
  }),
  '/api/openapi.json': get({ id: 'getOpenApi', summary: 'This document', parameters: [], answer: null }),
}

// Without what only one exporter knows.
const { Agent: _a, Agents: _b, Queue: _c, Endpoint: _d, Endpoints: _e, ...KNOWN } = FLEET_SHAPES

const SHAPES = { ...KNOWN, ...NODE_SHAPES }
