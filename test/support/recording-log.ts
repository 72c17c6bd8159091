// A log that a test reads.

import type { Log } from '../../src/agent/log.ts';

export interface RecordingLog extends Log {
  readonly lines: string[];
}

export function recordingLog(): RecordingLog {
  const lines: string[] = [];
  const record = (message: string): void => {
    lines.push(message);
  };
  return { lines, info: record, warn: record };
}
