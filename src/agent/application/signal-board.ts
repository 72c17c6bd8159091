// The signals that applications give to the agent: the last value of each, for as long as it is
// renewed. A value that nobody renews is dropped, not repeated for ever.

import { isRatioSignal, isSignalName, signalsPerReportMax } from '../../wire/report.ts';
import { agentSignals, connectionsAgeSignal } from '../../wire/signals.ts';
import { portsMax } from '../collectors/port-connections.ts';

/** What a report has room for beside all that the agent itself may measure. */
export const applicationSignalsMax =
  signalsPerReportMax - Object.keys(agentSignals).length - portsMax - 1;
/** How long a value stands without being renewed, unless an option says otherwise. */
export const signalLifetimeMsDefault = 60_000;

export class SignalBoard {
  readonly #values = new Map<string, { readonly value: number; readonly renewedAtMs: number }>();
  readonly #lifetimeMs: number;

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** Null when the value stands now; else why not, in one line. */
  set(name: string, value: unknown, nowMs: number): string | null {
    return this.setAll({ [name]: value }, nowMs);
  }

  /** All of the values or none. Null when they stand now; else why not, in one line. */
  setAll(values: Readonly<Record<string, unknown>>, nowMs: number): string | null {
    this.#dropOld(nowMs);
    let room = applicationSignalsMax - this.#values.size;
    for (const [name, value] of Object.entries(values)) {
      const problem = findSignalProblem(name, value);
      if (problem !== null) return problem;
      if (!this.#values.has(name)) room -= 1;
      if (room < 0) return `no room for "${name}": at most ${applicationSignalsMax} signals`;
    }
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === 'number') this.#values.set(name, { value, renewedAtMs: nowMs });
    }
    return null;
  }

  collect(nowMs: number, put: (name: string, value: number) => void): void {
    this.#dropOld(nowMs);
    for (const [name, { value }] of this.#values) put(name, value);
  }

  #dropOld(nowMs: number): void {
    for (const [name, { renewedAtMs }] of this.#values) {
      if (nowMs - renewedAtMs > this.#lifetimeMs) this.#values.delete(name);
    }
  }
}

/** Why this cannot be a signal of an application, or null if it can. */
export function findSignalProblem(name: string, value: unknown): string | null {
  if (!isSignalName(name)) {
    const shown = JSON.stringify(name.slice(0, 64));
    return `${shown} is no signal name: a letter, then letters, digits, "_ . : -", at most 64`;
  }
  if (Object.hasOwn(agentSignals, name) || isPortSignal(name)) {
    return `signal "${name}" is measured by the agent itself: take another name`;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return `signal "${name}" is not a finite number`;
  }
  if (value < 0) return `signal "${name}" is ${value}: it must not be negative`;
  if (value > 1 && isRatioSignal(name)) {
    return `signal "${name}" is ${value}: a name that ends in "Ratio" is for 0 to 1`;
  }
  return null;
}

function isPortSignal(name: string): boolean {
  return name.startsWith('connections:') || name === connectionsAgeSignal;
}
