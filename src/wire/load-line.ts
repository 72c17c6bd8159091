// The payload of `ec2/load`, inherited from the system that Foretide replaces: one line
// `"{cpu percent},{connections}"`, for example `37.5,100`. Published by any MQTT client.

import { accept, reject, type Parsed } from './rejection.ts';
import type { Report } from './report.ts';

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The line as a report with the signals `cpu` (0–1) and `connections`. Spaces are allowed. */
export function parseLoadLine(text: string): Parsed<Report> {
  if (text.length > 128) return reject('oversized');
  const parts = text.split(',');
  const cpuPercent = readNumber(parts[0]);
  const connections = readNumber(parts[1]);
  if (parts.length !== 2 || cpuPercent === null || connections === null) return reject('malformed');
  if (!Number.isFinite(cpuPercent) || !Number.isFinite(connections)) return reject('not-finite');
  if (cpuPercent < 0 || connections < 0) return reject('negative');
  if (cpuPercent > 100) return reject('out-of-range');
  return accept({ signals: { cpu: cpuPercent / 100, connections } });
}

/** `NaN` and `Infinity` by name are numbers that are not finite, not malformed text. */
function readNumber(text: string | undefined): number | null {
  const trimmed = text?.trim() ?? '';
  if (/^[+-]?(nan|inf|infinity)$/i.test(trimmed)) return Number.NaN;
  return numberPattern.test(trimmed) ? Number(trimmed) : null;
}
