// Where the controller says what a person should know, one line an event.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Log {
  /** `fields` hold numbers and names, never a secret. */
  write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}
