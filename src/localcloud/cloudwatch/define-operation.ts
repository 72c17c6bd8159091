// Makes a CloudWatch operation of a reader for its input and of what it does: reads, lets the model
// catch up with the time of the call, then calls.

import { advanceCloudWatch } from '../../cloud/cloudwatch/cloudwatch.ts';
import type { CloudWatch } from '../../cloud/cloudwatch/cloudwatch.ts';
import type { Outcome } from '../../cloud/fault.ts';
import type { Reader } from '../json-shape.ts';
import type { CallContext, Operation } from '../service.ts';

export type Output = Readonly<Record<string, unknown>>;

/** An operation that refuses bad input before the model sees it. */
export function defineOperation<T>(
  cloudWatch: CloudWatch,
  readInput: Reader<T>,
  run: (input: T, context: CallContext) => Outcome<Output>,
): Operation {
  return (given, context) => {
    const input = readInput(given, '');
    if (!input.ok) return input;
    advanceCloudWatch(cloudWatch, context.now);
    return run(input.value, context);
  };
}
