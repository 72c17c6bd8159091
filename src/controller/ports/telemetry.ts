// Messages from instances, as they come in from any broker, and what goes out to them. A receiver
// only puts a message aside: it must return at once and never throw.

import type { EpochMs } from '../../core/time.ts';

/** A message as it arrived: not parsed, not trusted. */
export interface ArrivedMessage {
  readonly topic: string;
  /** At most `payloadBytesMax` bytes; a longer one is cut to `null` and counted as oversized. */
  readonly payload: string | null;
  readonly arrivedAt: EpochMs;
  /** Kept by the broker from before: says nothing about now. */
  readonly isRetained: boolean;
  /**
   * The name that the publishing client chose for itself, where the broker tells (the embedded one
   * does). Null: anonymous.
   */
  readonly clientId: string | null;
}

export interface TelemetryReceiver {
  receive(message: ArrivedMessage): void;
  /** Said on every change, and once at the start. */
  connectionChanged(isConnected: boolean): void;
}

/** The controller's side of a broker. */
export interface Telemetry {
  /** Starts delivering what matches these topic filters; reconnects by itself for ever. */
  start(filters: readonly string[], receiver: TelemetryReceiver): Promise<void>;
  /** False if it could not be handed over (not connected, or too much is waiting). */
  publish(topic: string, payload: string, options: { readonly isRetained: boolean }): boolean;
  stop(): Promise<void>;
}
