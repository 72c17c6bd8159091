// What ends a deployment before its work is done: one sentence with the next step in it.

export class DeployError extends Error {}

/** AWS's refusals and the SDK's own, each as a sentence that says what to do next. */
export function explainAwsError(error: unknown, doing: string): DeployError {
  const { name, message } = readError(error);
  const next = NEXT_STEPS.find(([pattern]) => pattern.test(`${name}: ${message}`))?.[1];
  if (next !== undefined) return new DeployError(`${doing}: ${next(firstLine(message))}`);
  return new DeployError(`${doing}: ${name}: ${firstLine(message)}`);
}

/** Whether AWS said that there is no such thing. */
export function isAbsent(error: unknown): boolean {
  const { name, message } = readError(error);
  return /does not exist|cannot be found|NotFound|NoSuch|NonExistent|DoesNotExist|not found/iu.test(
    `${name}: ${message}`,
  );
}

type NextStep = readonly [pattern: RegExp, sentence: (message: string) => string];

/** The first that fits. */
const NEXT_STEPS: readonly NextStep[] = [
  [
    /Could not load credentials|CredentialsProviderError/u,
    () =>
      'there are no credentials; sign in with "aws sso login" or "aws configure", or set AWS_PROFILE',
  ],
  [
    /Expired|token included in the request is expired/iu,
    () => 'the credentials have expired; sign in again, for example with "aws sso login"',
  ],
  [
    /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|security token.*invalid/u,
    () => 'AWS does not know these credentials; "aws sts get-caller-identity" shows whose they are',
  ],
  [
    /Region is missing|Region not accepted/u,
    () => 'no region is named; give --region or set AWS_REGION, for example eu-west-1',
  ],
  [
    /AccessDenied|UnauthorizedOperation|not authorized to perform/u,
    (message) =>
      `denied; ask whoever manages your rights for the deploy role of docs/deploy.md (${message})`,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|TimeoutError|did not establish/u,
    (message) => `AWS cannot be reached; check the region and the network (${message})`,
  ],
  [
    /cannot be deleted while TerminationProtection is enabled/u,
    () =>
      'it is protected against deletion; lift that with "aws cloudformation ' +
      'update-termination-protection --no-enable-termination-protection --stack-name NAME" and try again',
  ],
  [
    /Export .* cannot be deleted as it is in use by/u,
    (message) => `another stack uses it; take that down first (${message})`,
  ],
  [
    /Throttling|Rate exceeded/u,
    () => 'AWS is throttling this account; wait a minute and try again',
  ],
];

function readError(error: unknown): { readonly name: string; readonly message: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
  return { name: error.name, message: `${code}${error.message}` };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
