import { describe, expect, it } from 'vitest';
import { type QueuedPacket, StoredSessions } from './stored-sessions.ts';

function open(
  overrides: Partial<{
    sessionsMax: number;
    queuedMessagesPerSessionMax: number;
    sessionBytesMax: number;
  }> = {},
): { sessions: StoredSessions; connected: Set<string>; dropped: string[] } {
  const connected = new Set<string>();
  const dropped: string[] = [];
  const sessions = new StoredSessions({
    limits: {
      sessionsMax: 10,
      queuedMessagesPerSessionMax: 3,
      sessionBytesMax: 10_000,
      ...overrides,
    },
    isConnected: (clientId) => connected.has(clientId),
    onDropped: (reason) => dropped.push(reason),
  });
  return { sessions, connected, dropped };
}

function message(brokerCounter: number, text = 'x'): QueuedPacket {
  return { cmd: 'publish', topic: 't', payload: Buffer.from(text), qos: 1, brokerCounter };
}

function subscribe(sessions: StoredSessions, clientId: string, ...filters: string[]): boolean {
  return sessions.subscribe(
    clientId,
    'ops',
    filters.map((topic) => ({ topic, qos: 1 })),
  );
}

describe('stored sessions', () => {
  it('come back with their subscriptions, and belong to who began them', () => {
    const { sessions } = open();
    sessions.subscribe('a', 'ops', [{ topic: 't', qos: 1 }]);
    sessions.subscribe('a', 'someone else', [{ topic: 'u/#', qos: 0 }]);
    expect(sessions.resume('a')).toEqual([
      { topic: 't', qos: 1 },
      { topic: 'u/#', qos: 0 },
    ]);
    expect([sessions.ownerOf('a'), sessions.ownerOf('b')]).toEqual(['ops', undefined]);
  });

  it('are concerned by what they are subscribed to with an acknowledgement', () => {
    const { sessions } = open();
    subscribe(sessions, 'a', 't/+', 't/#', '#');
    subscribe(sessions, 'b', 't/1');
    sessions.subscribe('c', 'ops', [{ topic: 't/1', qos: 0 }]);
    expect(sessions.concernedBy('t/1').toSorted()).toEqual(['a', 'b']);
    expect(sessions.concernedBy('$SYS/1')).toEqual([]);
    sessions.unsubscribe('b', ['t/1']);
    expect(sessions.concernedBy('t/1')).toEqual(['a']);
    sessions.discard('a');
    expect(sessions.concernedBy('t/1')).toEqual([]);
    expect(sessions.count).toBe(1);
  });

  it('drop what comes when their queue is full', () => {
    const { sessions, dropped } = open();
    subscribe(sessions, 'a', 't');
    for (let counter = 1; counter <= 5; counter += 1) sessions.enqueue('a', message(counter));
    expect(sessions.queueOf('a').map((packet) => packet.brokerCounter)).toEqual([1, 2, 3]);
    expect(dropped).toEqual(['session-queue-full', 'session-queue-full']);
  });

  it('drop what comes when all of them together hold too many bytes, until some are read', () => {
    const { sessions, dropped } = open({ sessionBytesMax: 250 });
    subscribe(sessions, 'a', 't');
    subscribe(sessions, 'b', 't');
    for (const clientId of ['a', 'b', 'a']) sessions.enqueue(clientId, message(1, 'x'.repeat(99)));
    expect(dropped).toHaveLength(1);
    sessions.update('a', { ...message(1), messageId: 7 });
    expect(sessions.acknowledge('a', 7)?.brokerCounter).toBe(1);
    sessions.enqueue('a', message(2, 'x'.repeat(99)));
    sessions.discard('b');
    sessions.enqueue('a', message(3, 'x'.repeat(99)));
    expect(dropped).toHaveLength(1);
    expect(sessions.queueOf('a')).toHaveLength(2);
  });

  it('replace a message by its release, and forget the release when it is confirmed', () => {
    const { sessions } = open();
    subscribe(sessions, 'a', 't');
    sessions.enqueue('a', message(1));
    sessions.update('a', { ...message(1), messageId: 7 });
    sessions.update('a', { cmd: 'pubrel', messageId: 7 });
    expect(sessions.queueOf('a')).toEqual([{ cmd: 'pubrel', messageId: 7 }]);
    expect(sessions.acknowledge('a', 8)).toBeNull();
    expect(sessions.acknowledge('a', 7)).toEqual({ cmd: 'pubrel', messageId: 7 });
    expect(sessions.queueOf('a')).toEqual([]);
  });

  it('give way when there are too many: of those offline, the one connected longest ago', () => {
    const { sessions, connected, dropped } = open({ sessionsMax: 3 });
    for (const clientId of ['a', 'b', 'c']) subscribe(sessions, clientId, 't');
    connected.add('a');
    sessions.resume('b');
    expect(subscribe(sessions, 'd', 't')).toBe(true);
    expect(sessions.concernedBy('t').toSorted()).toEqual(['a', 'b', 'd']);
    expect(dropped).toEqual(['session-evicted']);
    for (const clientId of ['b', 'd']) connected.add(clientId);
    expect(subscribe(sessions, 'e', 't')).toBe(false);
    expect(sessions.count).toBe(3);
  });
});
