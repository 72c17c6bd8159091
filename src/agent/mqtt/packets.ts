// The packets of MQTT 3.1.1 that an agent sends and receives, as data. Writing them to bytes and
// reading them from bytes are beside this file; sockets are not known here.
// Section numbers refer to the OASIS standard "MQTT Version 3.1.1".

/** How a message is delivered. Quality of service 2 is neither sent nor asked for. */
export type Delivery =
  | { readonly qos: 0 }
  | { readonly qos: 1; readonly packetId: number; readonly isDuplicate: boolean };

export interface Will {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly isRetained: boolean;
}

export interface ConnectPacket {
  readonly kind: 'connect';
  readonly clientId: string;
  readonly isCleanSession: boolean;
  /** 0 turns keep-alive off; 65,535 at most. */
  readonly keepAliveSeconds: number;
  readonly username?: string;
  /** Only with a user name (3.1.2-22). */
  readonly password?: string;
  readonly will?: Will;
}

export interface PublishPacket {
  readonly kind: 'publish';
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly isRetained: boolean;
  readonly delivery: Delivery;
}

export interface PubackPacket {
  readonly kind: 'puback';
  readonly packetId: number;
}

export interface SubscribePacket {
  readonly kind: 'subscribe';
  readonly packetId: number;
  readonly topicFilter: string;
  readonly qos: 0 | 1;
}

/** What an agent sends. */
export type ClientPacket =
  | ConnectPacket
  | PublishPacket
  | PubackPacket
  | SubscribePacket
  | { readonly kind: 'pingreq' }
  | { readonly kind: 'disconnect' };

/** Why a broker refuses a connection: return codes 1 to 5 of CONNACK (3.2.2.3). */
export const connectRefusals = [
  'unacceptable-protocol-version',
  'identifier-rejected',
  'server-unavailable',
  'bad-credentials',
  'not-authorized',
] as const;
export type ConnectRefusal = (typeof connectRefusals)[number];

export interface ConnackPacket {
  readonly kind: 'connack';
  readonly isSessionPresent: boolean;
  /** Null when the connection is accepted. */
  readonly refusal: ConnectRefusal | null;
}

export interface SubackPacket {
  readonly kind: 'suback';
  readonly packetId: number;
  /** One for each topic filter of the request: the granted quality of service, or `refused`. */
  readonly grants: readonly (0 | 1 | 2 | 'refused')[];
}

/** What an agent receives. */
export type ServerPacket =
  | ConnackPacket
  | PublishPacket
  | PubackPacket
  | SubackPacket
  | { readonly kind: 'pingresp' };

/** The type in the upper half of a packet's first byte (2.2.1). */
export const packetTypes = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  subscribe: 8,
  suback: 9,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const;

export const packetIdMax = 65_535;
/** Longest string or will payload: its length is written in two bytes (1.5.3). */
export const fieldBytesMax = 65_535;
/** Most bytes after the fixed header that an agent accepts. Commands are far shorter. */
export const incomingBytesMax = 64 * 1024;
