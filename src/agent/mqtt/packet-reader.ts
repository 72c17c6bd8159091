// Cuts the stream of bytes from a broker into packets. Holds at most one packet that is not whole.

import type { ProtocolFault } from './decode-packet.ts';
import { decodePacket } from './decode-packet.ts';
import type { ServerPacket } from './packets.ts';

export class PacketReader {
  #pieces: Buffer[] = [];
  #heldBytes = 0;
  /** With fewer bytes than this nothing can be said; so a packet in many pieces is joined once. */
  #neededBytes = 1;

  /**
   * Calls back for each packet that is now whole. Returns the fault that ends the stream. The chunk
   * is the caller's again afterwards: what is held is a copy.
   */
  read(chunk: Buffer, onPacket: (packet: ServerPacket) => void): ProtocolFault | null {
    this.#heldBytes += chunk.length;
    if (this.#heldBytes < this.#neededBytes) {
      this.#pieces.push(Buffer.from(chunk));
      return null;
    }
    let bytes = this.#pieces.length === 0 ? chunk : Buffer.concat([...this.#pieces, chunk]);
    for (;;) {
      const decoded = decodePacket(bytes);
      if (decoded.kind === 'invalid') return decoded.fault;
      if (decoded.kind === 'incomplete') {
        this.#pieces = bytes.length === 0 ? [] : [Buffer.from(bytes)];
        this.#heldBytes = bytes.length;
        this.#neededBytes = decoded.byteCount;
        return null;
      }
      onPacket(decoded.packet);
      bytes = bytes.subarray(decoded.byteCount);
    }
  }
}
