// Receipt handles: which message of which queue was received for which time.

import type { Message } from './message.ts';
import type { Queue } from './queue.ts';

export interface Receipt {
  readonly sequence: number;
  /** How often the message had been received then. */
  readonly receiveCountHere: number;
}

const HANDLE = /^AQEB([0-9a-z]{1,10})\+([0-9a-z]{1,11})\+([0-9a-z]{1,10})=$/;
const RADIX = 36;

/** The handle of the message's latest receive. */
export function writeReceiptHandle(queue: Queue, message: Message): string {
  const parts = [queue.serial, message.sequence, message.receiveCountHere];
  return `AQEB${parts.map((part) => part.toString(RADIX)).join('+')}=`;
}

/** `undefined` for what this queue never gave out. */
export function readReceiptHandle(queue: Queue, handle: string): Receipt | undefined {
  const [, serial, sequence, receiveCountHere] = HANDLE.exec(handle) ?? [];
  if (serial === undefined || sequence === undefined || receiveCountHere === undefined) {
    return undefined;
  }
  const receipt = {
    sequence: Number.parseInt(sequence, RADIX),
    receiveCountHere: Number.parseInt(receiveCountHere, RADIX),
  };
  const isOfQueue = Number.parseInt(serial, RADIX) === queue.serial;
  return isOfQueue && receipt.sequence < queue.nextSequence ? receipt : undefined;
}
