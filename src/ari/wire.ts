// The fields of the wire format that this program reads.
//
// Every field is optional and unknown: decode.ts checks what the PBX sends.
// Nothing outside this folder may use these names.
// Source: Asterisk 22's rest-api/api-docs/{events,channels,bridges,endpoints,asterisk}.json, and recorded traffic.

/** A channel, in events and in `GET /channels`. */
export interface WireChannel {
  readonly id?: unknown
  readonly name?: unknown
  readonly state?: unknown
  readonly caller?: unknown
  readonly connected?: unknown
  readonly accountcode?: unknown
  readonly dialplan?: unknown
  readonly protocol_id?: unknown
  readonly creationtime?: unknown
}

/** A name and a number: `caller` and `connected` of a channel. */
export interface WireCallerId {
  readonly name?: unknown
  readonly number?: unknown
}

/** Where in the dialplan a channel is. */
export interface WireDialplan {
  readonly context?: unknown
  readonly exten?: unknown
  readonly app_name?: unknown
  readonly app_data?: unknown
}

/** A bridge, in events and in `GET /bridges`. */
export interface WireBridge {
  readonly id?: unknown
  readonly technology?: unknown
  readonly bridge_type?: unknown
  readonly bridge_class?: unknown
  readonly creator?: unknown
  readonly channels?: unknown
  readonly creationtime?: unknown
}

/** An endpoint, in events and in `GET /endpoints`. */
export interface WireEndpoint {
  readonly technology?: unknown
  readonly resource?: unknown
  readonly state?: unknown
}

/** A contact of an endpoint; `roundtrip_usec` is a number in a string. */
export interface WireContact {
  readonly roundtrip_usec?: unknown
}

/** One frame of the event socket: all fields of the event types that are read. */
export interface WireFrame {
  readonly type?: unknown
  readonly timestamp?: unknown
  readonly application?: unknown
  readonly channel?: unknown
  readonly bridge?: unknown
  readonly endpoint?: unknown
  readonly contact_info?: unknown
  readonly variable?: unknown
  readonly value?: unknown
  readonly dialplan_app?: unknown
  readonly dialplan_app_data?: unknown
  readonly caller?: unknown
  readonly peer?: unknown
  readonly forwarded?: unknown
  readonly dialstring?: unknown
  readonly dialstatus?: unknown
  readonly soft?: unknown
  readonly cause?: unknown
  readonly cause_txt?: unknown
  readonly tech_cause?: unknown
  readonly result?: unknown
  readonly exten?: unknown
  readonly transferee?: unknown
  readonly transfer_target?: unknown
  readonly transferer_first_leg?: unknown
  readonly transferer_second_leg?: unknown
}

/** `GET /asterisk/info`. */
export interface WireInfo {
  readonly system?: unknown
  readonly status?: unknown
}

export interface WireSystem {
  readonly version?: unknown
  readonly entity_id?: unknown
}

export interface WireStatus {
  readonly startup_time?: unknown
}

/** `GET /channels/{id}/variable`. */
export interface WireVariable {
  readonly value?: unknown
}

/** `GET /deviceStates/{name}`. */
export interface WireDeviceState {
  readonly state?: unknown
}

/** An entry of `GET /asterisk/config/dynamic/{module}/{type}/{id}`. */
export interface WireAttribute {
  readonly attribute?: unknown
  readonly value?: unknown
}

/** `GET /asterisk/modules/{name}`. */
export interface WireModule {
  readonly status?: unknown
}

/** `GET /channels/{id}/rtp_statistics`: what is read of it; times in seconds. */
export interface WireRtpStatistics {
  readonly rxcount?: unknown
  readonly txcount?: unknown
  readonly rxploss?: unknown
  readonly txploss?: unknown
  readonly rxjitter?: unknown
  readonly txjitter?: unknown
  readonly rtt?: unknown
  readonly remote_maxjitter?: unknown
  readonly rxmes?: unknown
}

/** Whether a JSON value is an object or an array. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
