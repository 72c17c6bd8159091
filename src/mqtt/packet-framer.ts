// Follows MQTT packets through a byte stream, over any chunk boundaries, and lets a judge decide on
// each from its fixed header alone: before any of its body is kept. It does not look into bodies.
// Format: MQTT 3.1.1, section 2.2 (packet type in the high four bits, then 1 to 4 length bytes).

/** Packet types, MQTT 3.1.1 table 2.1. */
export const packetTypes = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const;

/** What becomes of a packet: it goes through, is cut out of the stream, or ends the stream. */
export type Judgement<Reason extends string> =
  | { readonly kind: 'pass' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'refuse'; readonly reason: Reason };

/** Called once for each packet, as soon as its fixed header is complete. */
export type PacketJudge<Reason extends string> = (
  packetType: number,
  remainingBytes: number,
) => Judgement<Reason>;

export type FramingRefusal = 'malformed-packet';

export interface Framed<Reason extends string> {
  /** What goes on, in order. */
  readonly passed: readonly Buffer[];
  /** Not null: the stream ends here; no later call is allowed. */
  readonly refusal: Reason | FramingRefusal | null;
  /** A packet has begun and is not complete. */
  readonly isMidPacket: boolean;
  /** Another packet ended, or was skipped to its end, within this chunk. */
  readonly hasEndedPacket: boolean;
}

/** One byte of type and flags, four of length. */
const headerBytesMax = 5;

/** What `#readHeader` came to when there is no header to judge. */
const incomplete = -1;
const malformed = -2;

/**
 *     header ──complete──▶ judge ──pass──▶ body (passed on) ──▶ header
 *       │                    ├─────skip──▶ body (dropped)  ──▶ header
 *       └──length too long   └─────refuse─▶ ended
 *
 * Holds back an incomplete header (at most four bytes), and nothing else.
 */
export class PacketFramer<Reason extends string> {
  readonly #judge: PacketJudge<Reason>;
  #held: Buffer = Buffer.alloc(0);
  #bodyBytesLeft = 0;
  #isSkipping = false;
  #headerBytes = 0;

  constructor(judge: PacketJudge<Reason>) {
    this.#judge = judge;
  }

  take(chunk: Buffer): Framed<Reason> {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    const passed: Buffer[] = [];
    let runStart = 0;
    const endRun = (end: number): void => {
      if (end > runStart) passed.push(bytes.subarray(runStart, end));
    };
    let hasEndedPacket = false;
    let at = 0;
    while (at < bytes.length) {
      if (this.#bodyBytesLeft > 0) {
        at += this.#takeBody(bytes.length - at);
        if (this.#bodyBytesLeft === 0) hasEndedPacket = true;
        if (this.#isSkipping) runStart = at;
        continue;
      }
      const remainingBytes = this.#readHeader(bytes, at);
      if (remainingBytes === incomplete) {
        endRun(at);
        // Copied, so that a few bytes do not keep a whole network buffer alive.
        this.#held = Buffer.from(bytes.subarray(at));
        return { passed, refusal: null, isMidPacket: true, hasEndedPacket };
      }
      const refusal = this.#begin((bytes[at] ?? 0) >> 4, remainingBytes);
      if (refusal !== null || this.#isSkipping) endRun(at);
      if (refusal !== null) return { passed, refusal, isMidPacket: true, hasEndedPacket };
      at += this.#headerBytes;
      if (remainingBytes === 0) hasEndedPacket = true;
      if (this.#isSkipping) runStart = at;
    }
    endRun(bytes.length);
    return { passed, refusal: null, isMidPacket: this.#bodyBytesLeft > 0, hasEndedPacket };
  }

  /** Null, unless the packet ends the stream. */
  #begin(packetType: number, remainingBytes: number): Reason | FramingRefusal | null {
    if (remainingBytes === malformed) return 'malformed-packet';
    const judgement = this.#judge(packetType, remainingBytes);
    if (judgement.kind === 'refuse') return judgement.reason;
    this.#isSkipping = judgement.kind === 'skip';
    this.#bodyBytesLeft = remainingBytes;
    return null;
  }

  /** How many of the bytes at hand belong to the packet that has begun. */
  #takeBody(bytesAtHand: number): number {
    const taken = Math.min(this.#bodyBytesLeft, bytesAtHand);
    this.#bodyBytesLeft -= taken;
    return taken;
  }

  /** The remaining length, and `#headerBytes`; or `incomplete` or `malformed`. */
  #readHeader(bytes: Buffer, start: number): number {
    let remainingBytes = 0;
    let scale = 1;
    for (let size = 2; size <= headerBytesMax; size += 1) {
      const digit = bytes[start + size - 1];
      if (digit === undefined) return incomplete;
      remainingBytes += (digit & 0x7f) * scale;
      scale *= 0x80;
      if (digit < 0x80) {
        this.#headerBytes = size;
        return remainingBytes;
      }
    }
    return malformed;
  }
}
