// The log as it leaves the program: lines for a person on a terminal, JSON for everything else.

import pino from 'pino';
import type { Log, LogLevel } from '../controller/ports/log.ts';

/** To standard error, so that standard output stays what a command answers. */
export function createLog(options: { readonly isJson: boolean }): Log {
  return options.isJson ? createJsonLog() : createTextLog((line) => process.stderr.write(line));
}

const marks: Readonly<Record<LogLevel, string>> = {
  debug: '  debug',
  info: '',
  warn: '  warning:',
  error: '  error:',
};

export function createTextLog(write: (line: string) => void): Log {
  return {
    write(level, message, fields) {
      if (level === 'debug') return;
      const time = new Date().toTimeString().slice(0, 8);
      const rest = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
      write(`${time}${marks[level]} ${message}${rest}\n`);
    },
  };
}

function createJsonLog(): Log {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
  return {
    write: (level, message, fields) => logger[level](fields ?? {}, message),
  };
}
