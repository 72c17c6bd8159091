// Names for messages. One prefix is drawn for each queue, from the seed; within the queue they are
// counted: so they are unique, repeatable, and cost one text each.

/** The form of a UUID of version 4 up to its last group. */
export function createIdPrefix(random: () => number): string {
  const draw = (): string =>
    Math.floor(random() * 65_536)
      .toString(16)
      .padStart(4, '0');
  // The variant of RFC 9562: its two upper bits are 10.
  const variant = (0x8000 + Math.floor(random() * 0x4000)).toString(16);
  return `${draw()}${draw()}-${draw()}-4${draw().slice(1)}-${variant}-`;
}

/** The id of the message with that sequence, up to 2^48 of them. */
export function messageIdOf(prefix: string, sequence: number): string {
  return prefix + sequence.toString(16).padStart(12, '0');
}

/** FIFO's 20-digit numbers: large, ascending, not consecutive. */
export function sequenceNumberOf(sequence: number): string {
  return `18870${String(sequence * 256).padStart(15, '0')}`;
}
