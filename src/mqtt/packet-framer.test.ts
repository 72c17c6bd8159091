import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { type Judgement, PacketFramer, packetTypes } from './packet-framer.ts';

const { generate } = mqttPacket;
const bodyBytesMax = 300;

/** Small packets pass, long publishes are skipped, long subscriptions end the stream. */
function judge(packetType: number, remainingBytes: number): Judgement<'too-long'> {
  if (remainingBytes <= bodyBytesMax) return { kind: 'pass' };
  if (packetType === packetTypes.publish) return { kind: 'skip' };
  return { kind: 'refuse', reason: 'too-long' };
}

const publish = fc
  .record({ bytes: fc.integer({ min: 0, max: 20_000 }), qos: fc.constantFrom(0, 1, 2) })
  .map(({ bytes, qos }) =>
    generate({
      cmd: 'publish',
      topic: 'ec2/load',
      payload: Buffer.alloc(bytes, 0xff),
      qos: qos === 0 ? 0 : qos === 1 ? 1 : 2,
      messageId: 7,
      retain: false,
      dup: false,
    }),
  );
const ping = fc.constant(generate({ cmd: 'pingreq' }));
const packet = fc.oneof(publish, ping);

/** Cuts a stream at the given places (taken modulo its length). */
function cut(stream: Buffer, places: readonly number[]): Buffer[] {
  const sorted = places.map((place) => place % (stream.length + 1)).toSorted((a, b) => a - b);
  const chunks: Buffer[] = [];
  let from = 0;
  for (const to of [...sorted, stream.length]) {
    if (to > from) chunks.push(stream.subarray(from, to));
    from = to;
  }
  return chunks;
}

function isShort(bytes: Buffer): boolean {
  return bytes.length <= bodyBytesMax + (bytes.length > 129 ? 3 : 2);
}

describe('packet framer', () => {
  it('passes short packets and cuts long ones out, wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(packet, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(60_000), { maxLength: 40 }),
        (packets, places) => {
          const framer = new PacketFramer(judge);
          const passed: Buffer[] = [];
          let isMidPacket = false;
          for (const chunk of cut(Buffer.concat(packets), places)) {
            const framed = framer.take(chunk);
            expect(framed.refusal).toBeNull();
            passed.push(...framed.passed);
            isMidPacket = framed.isMidPacket;
          }
          expect(Buffer.concat(passed)).toEqual(Buffer.concat(packets.filter(isShort)));
          expect(isMidPacket).toBe(false);
        },
      ),
    );
  });

  it('passes nothing from a refused packet on, wherever the stream is cut', () => {
    const refused = Buffer.concat([Buffer.from([0x82, 0x80, 0x80, 0x04]), Buffer.alloc(500, 1)]);
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 5 }),
        fc.array(fc.nat(60_000), { maxLength: 40 }),
        (before, places) => {
          const framer = new PacketFramer(judge);
          const passed: Buffer[] = [];
          let refusal: string | null = null;
          for (const chunk of cut(Buffer.concat([...before, refused]), places)) {
            const framed = framer.take(chunk);
            passed.push(...framed.passed);
            refusal = framed.refusal;
            if (refusal !== null) break;
          }
          expect(refusal).toBe('too-long');
          expect(Buffer.concat(passed)).toEqual(Buffer.concat(before.filter(isShort)));
        },
      ),
    );
  });

  it('says whether a packet is still incomplete', () => {
    const whole = generate({
      cmd: 'publish',
      topic: 't',
      payload: 'x',
      qos: 0,
      retain: false,
      dup: false,
    });
    for (let end = 1; end < whole.length; end += 1) {
      const framer = new PacketFramer(judge);
      const first = framer.take(whole.subarray(0, end));
      const second = framer.take(whole.subarray(end));
      expect([first.isMidPacket, first.hasEndedPacket]).toEqual([true, false]);
      expect([second.isMidPacket, second.hasEndedPacket]).toEqual([false, true]);
    }
  });

  it('refuses a length of more than four bytes, even when it comes byte by byte', () => {
    const framer = new PacketFramer(judge);
    for (const byte of [0x30, 0xff, 0xff, 0xff]) {
      const framed = framer.take(Buffer.from([byte]));
      expect(framed).toMatchObject({ passed: [], refusal: null, isMidPacket: true });
    }
    expect(framer.take(Buffer.from([0xff])).refusal).toBe('malformed-packet');
  });

  it('judges the largest length that MQTT knows without waiting for its body', () => {
    const framer = new PacketFramer(judge);
    const framed = framer.take(Buffer.from([0x82, 0xff, 0xff, 0xff, 0x7f]));
    expect(framed).toMatchObject({ passed: [], refusal: 'too-long' });
  });
});
