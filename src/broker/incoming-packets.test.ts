import { describe, expect, it } from 'vitest';
import { packetTypes } from '../mqtt/packet-framer.ts';
import { judgeIncoming } from './incoming-packets.ts';

const limits = { connectPacketBytesMax: 4096, packetBytesMax: 65_536 };
const passes = { kind: 'pass' };

function refuses(reason: string): unknown {
  return { kind: 'refuse', reason };
}

describe('incoming packets', () => {
  it('begin with a CONNECT of at most its own limit', () => {
    expect(judgeIncoming(limits)(packetTypes.connect, 4096)).toEqual(passes);
    expect(judgeIncoming(limits)(packetTypes.connect, 4097)).toEqual(refuses('oversized-connect'));
    expect(judgeIncoming(limits)(packetTypes.publish, 10)).toEqual(refuses('not-a-connect'));
    expect(judgeIncoming(limits)(0, 10)).toEqual(refuses('not-a-connect'));
  });

  it('hold no second CONNECT', () => {
    const judge = judgeIncoming(limits);
    judge(packetTypes.connect, 20);
    expect(judge(packetTypes.connect, 20)).toEqual(refuses('second-connect'));
  });

  it('are bounded in length after that', () => {
    const judge = judgeIncoming(limits);
    judge(packetTypes.connect, 20);
    expect(judge(packetTypes.publish, 65_536)).toEqual(passes);
    expect(judge(packetTypes.publish, 65_537)).toEqual(refuses('oversized-packet'));
    expect(judge(packetTypes.subscribe, 268_435_455)).toEqual(refuses('oversized-packet'));
  });

  it.each([0, packetTypes.connack, packetTypes.suback, packetTypes.pingresp, 15])(
    'are not of type %i, which only a broker sends or nobody',
    (packetType) => {
      const judge = judgeIncoming(limits);
      judge(packetTypes.connect, 20);
      expect(judge(packetType, 2)).toEqual(refuses('unexpected-packet'));
    },
  );
});
