// Every bound of the AWS adapter, by name. Times are wall time, also where the controller's clock
// runs faster: they guard a real connection.

export interface AwsLimits {
  readonly connectionTimeoutMs: number;
  /** To the first byte of the answer, and between any two. */
  readonly requestTimeoutMs: number;
  /** How long a call waits for its turn before it is given up, unsent. */
  readonly turnTimeoutMs: number;
  /** One call in all from its turn on: credentials, every attempt, the whole answer. */
  readonly callDeadlineMs: number;
  /** Tries of one call, the first included. */
  readonly attemptsMax: number;
  /** Per client. AWS throttles an account at an unpublished rate; about 20 reads, 5 changes a s. */
  readonly describesAtOnceMax: number;
  readonly changesAtOnceMax: number;
  readonly callsWaitingMax: number;
  /** One per region and role. */
  readonly clientsMax: number;
  /** Answers to one batch of names, followed by NextToken. */
  readonly pagesMax: number;
  /** Model time for which a description also answers the next caller. */
  readonly descriptionFreshMs: number;
}

export const defaultAwsLimits: AwsLimits = {
  connectionTimeoutMs: 2_000,
  requestTimeoutMs: 5_000,
  turnTimeoutMs: 2_000,
  callDeadlineMs: 12_000,
  attemptsMax: 2,
  describesAtOnceMax: 4,
  changesAtOnceMax: 16,
  callsWaitingMax: 1_000,
  clientsMax: 1_000,
  pagesMax: 20,
  descriptionFreshMs: 250,
};
