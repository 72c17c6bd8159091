// Cuts the stream of bytes from a broker into packets. Holds at most one packet that is not whole.

import type { ProtocolFault } from './decode-packet.ts';
import { decodePacket } from './decode-packet.ts';
import type { ServerPacket } from './packets.ts';

export class PacketReader {
  #pieces: Buffer[] = [];
  #heldBytes = 0;
  /** With fewer bytes than this nothing can be said; so a packet in many pieces is joined once. */
  #neededBytes = 1;

  /** Calls back for each packet that is now whole. Returns the fault that ends the stream. */
  read(chunk: Buffer, onPacket: (packet: ServerPacket) => void): ProtocolFault | null {
    this.#pieces.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes < this.#neededBytes) return null;
    let bytes = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    for (;;) {
      const decoded = decodePacket(bytes);
      if (decoded.kind === 'invalid') return decoded.fault;
      if (decoded.kind === 'incomplete') {
        this.#pieces = bytes.length === 0 ? [] : [bytes];
        this.#heldBytes = bytes.length;
        this.#neededBytes = decoded.byteCount;
        return null;
      }
      onPacket(decoded.packet);
      bytes = bytes.subarray(decoded.byteCount);
    }
  }
}
