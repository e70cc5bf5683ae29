// The OpenAPI document where calls can be begun and ended: that of the API that only reads, with two requests more (control.ts).

import { BEGUN_CALL, CALL_ORDER } from './control.ts'
import { documentOf, type Json, type Program, problems, READ_ONLY } from './openapi.ts'

const OTHERS: Json = {
  400: problems('What was asked is wrong.'),
  401: { $ref: '#/components/responses/Refused' },
  403: problems('A number of this kind may not be dialed, or a page of another server asks.'),
  404: problems('There is no such live call.'),
  409: problems('Asterisk, the phone or the user of ARI does not allow it.'),
  429: problems('Too many actions; to be asked again later.'),
  503: { $ref: '#/components/responses/Busy' },
}

const BEGIN: Json = {
  operationId: 'beginCall',
  summary: 'Rings a phone, then dials a number',
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'The same request with the same key, sent again within a day, makes no other call.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
  ],
  requestBody: { required: true, content: jsonOf('CallOrder') },
  responses: {
    202: { description: 'The phone is called.', content: jsonOf('BegunCall') },
    ...OTHERS,
    413: problems('The body is too long.'),
    415: problems('The body is not JSON.'),
  },
}

const END: Json = {
  operationId: 'endCall',
  summary: 'Hangs up a live call',
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'The `channel_id` of the call.',
      schema: { type: 'string', minLength: 1 },
    },
  ],
  responses: { 204: { description: 'Asterisk was told to end it.' }, ...OTHERS },
}

/** The document, with the name and version of the program. */
export function controlDocument(program: Program): Json {
  const { paths, shapes } = READ_ONLY
  return documentOf(program, {
    ...READ_ONLY,
    paths: {
      ...paths,
      ...added(paths, '/api/calls', { post: BEGIN }),
      ...added(paths, '/api/calls/{id}', { delete: END }),
    },
    shapes: { ...shapes, CallOrder: CALL_ORDER, BegunCall: BEGUN_CALL },
  })
}

function added(paths: Json, path: string, operations: Json): Json {
  return { [path]: Object.assign({}, paths[path], operations) }
}

function jsonOf(schema: string): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } }
}
