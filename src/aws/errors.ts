// What went wrong with a call to AWS, in our words. The only file that knows AWS's error codes and
// those of the SDK and of Node's sockets.

import type { CallOutcome } from '../core/decision.ts';
import type { DescribeFailureCode } from '../controller/ports/scaling-target.ts';
import { toPublicMessage } from './public-message.ts';

export type CallFailureKind =
  // AWS refused, or the call was never sent.
  | 'throttled'
  | 'in-progress'
  | 'out-of-bounds'
  | 'denied'
  | 'failed'
  | 'unreachable'
  // AWS may have carried it out: no answer, half an answer, or a fault on its side.
  | 'timed-out'
  | 'broken-off'
  | 'unreadable'
  | 'server-fault';

export interface CallFailure {
  readonly kind: CallFailureKind;
  /** One line for a person; holds no secret. */
  readonly message: string;
}

const throttlingCodes = [
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
];

/** On the wire without `Fault`, in the SDK with it. `ResourceContention`: an update is pending. */
const inProgressCodes = [
  'ResourceContention',
  'ResourceContentionFault',
  'ScalingActivityInProgress',
  'ScalingActivityInProgressFault',
];

const denialCodes = [
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
];

const kindByErrorCode: ReadonlyMap<string, CallFailureKind> = new Map([
  ...throttlingCodes.map((code) => [code, 'throttled'] as const),
  ...inProgressCodes.map((code) => [code, 'in-progress'] as const),
  ...denialCodes.map((code) => [code, 'denied'] as const),
]);

/**
 * Of `ValidationError`: "New SetDesiredCapacity value 5 is above max value 3 for the …", and of a
 * termination "Currently, desiredSize equals minSize (2). …".
 */
const outOfBoundsPattern = /\b(above max|below min) value\b|\bdesiredSize equals minSize\b/i;

/** The connection never came to be: not one byte of the call was sent. */
const connectFailureCodes = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const certificateFailureCodes =
  /^(ERR_TLS_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED_CERT\w*|HOSTNAME_MISMATCH)$/;
const connectFailureMessages =
  /did not establish a connection|before secure TLS connection was established/i;

/**
 * It came to be, and ended before the answer did; HPE_…: what came was no HTTP. Errors of TLS may
 * come in a handshake as well, when nothing was sent yet: they are taken for the worse case.
 */
const brokenConnectionCodes =
  /^(ECONNRESET|ECONNABORTED|EPIPE|EPROTO|ERR_SSL_\w+|ERR_STREAM_\w+|HPE_\w+)$/;

const mayHaveHappenedKinds: readonly CallFailureKind[] = [
  'timed-out',
  'broken-off',
  'unreadable',
  'server-fault',
];

/** Whether AWS may have carried out a call that was sent and ended like this. */
export function mayHaveHappened(failure: CallFailure): boolean {
  return mayHaveHappenedKinds.includes(failure.kind);
}

/** What an error thrown by the SDK comes to. Anything at all may be given. */
export function classifyError(error: unknown): CallFailure {
  const facts = readFacts(error);
  const kind = classifyFacts(facts);
  return { kind, message: toPublicMessage(describeFacts(facts, kind)) };
}

/** `mayBeDone`: some attempt of the call was sent and AWS may have carried it out. */
export function toActuation(failure: CallFailure, mayBeDone: boolean): CallOutcome {
  const { kind, message } = failure;
  if (mayBeDone) return { kind: 'unknown', message: `${message}; the change may have happened` };
  switch (kind) {
    case 'throttled':
    case 'in-progress':
    case 'out-of-bounds':
    case 'denied':
      return { kind: 'refused', code: kind, message };
    case 'failed':
    case 'unreachable':
    case 'timed-out':
    case 'broken-off':
    case 'unreadable':
    case 'server-fault':
      return { kind: 'refused', code: 'failed', message };
  }
}

export function toDescribeFailureCode(kind: CallFailureKind): DescribeFailureCode {
  switch (kind) {
    case 'throttled':
    case 'denied':
    case 'timed-out':
    case 'unreachable':
      return kind;
    case 'broken-off':
      return 'unreachable';
    case 'in-progress':
    case 'out-of-bounds':
    case 'unreadable':
    case 'server-fault':
    case 'failed':
      return 'failed';
  }
}

interface ErrorFacts {
  /** AWS's error code, or the name of the error's class. */
  readonly name: string;
  /** Node's code of a system error. */
  readonly code: string;
  readonly syscall: string;
  readonly message: string;
  /** Null if no answer came. */
  readonly httpStatus: number | null;
}

function classifyFacts(facts: ErrorFacts): CallFailureKind {
  const known = kindByErrorCode.get(facts.name);
  if (known !== undefined) return known;
  if (facts.name === 'ValidationError' && outOfBoundsPattern.test(facts.message)) {
    return 'out-of-bounds';
  }
  if (facts.httpStatus === 429) return 'throttled';
  if (isConnectFailure(facts)) return 'unreachable';
  // The status line of a refusal is enough, whatever became of the rest of the answer.
  if (facts.httpStatus !== null && facts.httpStatus >= 300 && facts.httpStatus < 500) {
    return 'failed';
  }
  if (isTransferFailure(facts)) return 'broken-off';
  if (facts.code === 'ETIMEDOUT' || /^(TimeoutError|AbortError)$/.test(facts.name)) {
    return 'timed-out';
  }
  if (facts.httpStatus !== null && facts.httpStatus >= 500) return 'server-fault';
  return facts.httpStatus === null ? 'failed' : 'unreadable';
}

function isConnectFailure(facts: ErrorFacts): boolean {
  if (facts.httpStatus !== null || /^(read|write)$/.test(facts.syscall)) return false;
  return (
    facts.syscall === 'connect' ||
    connectFailureCodes.test(facts.code) ||
    certificateFailureCodes.test(facts.code) ||
    connectFailureMessages.test(facts.message)
  );
}

function isTransferFailure({ code, syscall }: ErrorFacts): boolean {
  const isDuringTransfer = /^(read|write)$/.test(syscall) && connectFailureCodes.test(code);
  return isDuringTransfer || brokenConnectionCodes.test(code);
}

/** What is said before the words of the SDK or of Node, which alone would tell a person little. */
const openings: Readonly<Partial<Record<CallFailureKind, string>>> = {
  unreachable: 'cannot be reached: ',
  'timed-out': 'timed out: ',
  'broken-off': 'the connection broke off: ',
  unreadable: 'the answer cannot be read: ',
};

/** Names that say nothing beside the message. All others are codes of AWS. */
const emptyNames = ['Error', 'Unknown', 'TimeoutError', 'AggregateError'];

function describeFacts(facts: ErrorFacts, kind: CallFailureKind): string {
  if (facts.message === 'Region is missing') {
    return 'no region: give the group a region, or set AWS_REGION or the profile';
  }
  const isCoded = !emptyNames.includes(facts.name);
  const status = isCoded || facts.httpStatus === null ? '' : ` (HTTP ${facts.httpStatus})`;
  const name = isCoded && !facts.message.includes(facts.name) ? `${facts.name}: ` : '';
  return `${openings[kind] ?? ''}${name}${facts.message}${status}`;
}

function readFacts(error: unknown): ErrorFacts {
  const fields = isObject(error) ? error : {};
  const metadata = isObject(fields['$metadata']) ? fields['$metadata'] : {};
  const httpStatus = metadata['httpStatusCode'];
  return {
    name: readText(fields['name'], 'Error'),
    code: readText(fields['code'], ''),
    syscall: readText(fields['syscall'], ''),
    message: stripPackageNames(readText(fields['message'], 'no message')),
    httpStatus: typeof httpStatus === 'number' ? httpStatus : null,
  };
}

/** The first line, without "@smithy/node-http-handler - [ERROR] " and the like. */
function stripPackageNames(message: string): string {
  const [firstLine = ''] = message.split('\n', 1);
  return firstLine.replace(/^@(aws-sdk|smithy)\S*( -)?( \[\w+\])? /, '').replace(/\.$/, '');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function readText(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
