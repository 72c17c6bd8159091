// What ends a command before its work begins: lines for a person and an exit code. The only
// exceptions that `main.ts` prints without a stack.

/** 1: the machine or another program refused. 2: the command or a file was written wrongly. */
export type FailureCode = 1 | 2;

export class StartError extends Error {
  readonly exitCode: FailureCode;

  constructor(message: string, exitCode: FailureCode) {
    super(message);
    this.exitCode = exitCode;
  }
}
