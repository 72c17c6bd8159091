// Which client ids say who someone is, and which a library made up for one connection.

import { randomUUID } from 'node:crypto';

/**
 * Ids that are new with each connection: of the broker itself (`auto-`, as mosquitto has it), of
 * mosquitto's commands from 1.x on, mqtt.js, Paho for Java, and the broker library underneath.
 */
const generatedPattern =
  /^(auto-|mosq-|mosqpub[|/]|mosqsub[|/]|mqttjs_[0-9a-f]{8}$|paho\d+$|aedes_)/;

/** Messages from such clients are one anonymous stream. */
export function isGeneratedClientId(id: string): boolean {
  return id === '' || generatedPattern.test(id);
}

/** For a client that chose none. */
export function generateClientId(): string {
  return `auto-${randomUUID()}`;
}
