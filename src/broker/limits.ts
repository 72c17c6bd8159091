// Every bound of the embedded broker, by name. `docs/broker.md` lists the same; a test compares.

import { nameLengthMax } from '../wire/topics.ts';

export interface BrokerLimits {
  /** Open connections, those that have not said who they are included. */
  readonly connectionsMax: number;
  /** Connections that have not been let in yet. */
  readonly pendingConnectionsMax: number;
  /** From the first byte (after TLS) to a complete CONNECT; as long again for the TLS handshake. */
  readonly connectTimeoutMs: number;
  /** From a packet's first byte to its last. */
  readonly packetTimeoutMs: number;
  /** Remaining length of CONNECT: client id, will, user name and password. */
  readonly connectPacketBytesMax: number;
  /** Remaining length of any other packet. */
  readonly packetBytesMax: number;
  readonly topicLengthMax: number;
  readonly topicLevelsMax: number;
  readonly clientIdLengthMax: number;
  readonly subscriptionsPerClientMax: number;
  /** QoS 2 publishes that a client has begun and not concluded. */
  readonly inflightPerClientMax: number;
  /** What may wait to be read by one client, and by all of them. */
  readonly queuedBytesPerClientMax: number;
  readonly queuedBytesMax: number;
  /** Sessions that outlive their connection; of those offline, the one connected longest ago gives way. */
  readonly sessionsMax: number;
  readonly queuedMessagesPerSessionMax: number;
  /** What waits for all sessions together. */
  readonly sessionBytesMax: number;
  /** The message kept longest without being renewed gives way, decisions and claims excepted. */
  readonly retainedMessagesMax: number;
  readonly retainedBytesMax: number;
  /** How often a client id may be taken over within `takeOverWindowMs`. */
  readonly takeOversMax: number;
  readonly takeOverWindowMs: number;
  /** Failed logins of one address within `loginFailureWindowMs`. */
  readonly loginFailuresMax: number;
  readonly loginFailureWindowMs: number;
  /** Passwords being hashed, and waiting to be. */
  readonly passwordChecksMax: number;
  readonly passwordChecksWaitingMax: number;
}

/** Two names of the longest kind: three bytes, so nine characters, for each UTF-16 unit. */
const longestOwnTopic = 2 * 9 * nameLengthMax + 64;

export const defaultBrokerLimits: BrokerLimits = {
  connectionsMax: 20_000,
  pendingConnectionsMax: 2_000,
  connectTimeoutMs: 5_000,
  packetTimeoutMs: 10_000,
  connectPacketBytesMax: 4 * 1024,
  packetBytesMax: 64 * 1024,
  topicLengthMax: longestOwnTopic,
  topicLevelsMax: 16,
  clientIdLengthMax: 256,
  subscriptionsPerClientMax: 64,
  inflightPerClientMax: 64,
  queuedBytesPerClientMax: 4 * 1024 * 1024,
  queuedBytesMax: 64 * 1024 * 1024,
  sessionsMax: 1_000,
  queuedMessagesPerSessionMax: 1_000,
  sessionBytesMax: 64 * 1024 * 1024,
  retainedMessagesMax: 50_000,
  retainedBytesMax: 64 * 1024 * 1024,
  takeOversMax: 5,
  takeOverWindowMs: 10_000,
  loginFailuresMax: 20,
  loginFailureWindowMs: 60_000,
  passwordChecksMax: 2,
  passwordChecksWaitingMax: 2_000,
};
