// The newest events, so that a viewer whose connection broke goes on where it was. Ids are of one run
// of the controller: those of another are known to be strange.

export interface LiveEvent {
  readonly sequence: number;
  readonly name: string;
  /** Null: for every viewer; else for those that watch the group. */
  readonly group: string | null;
  /** As it goes out, made once for all viewers. */
  readonly bytes: Uint8Array;
}

export interface EventRing {
  add(name: string, data: unknown, group?: string | null): LiveEvent;
  /** Those after an id, oldest first; null if it is of another run or too old. */
  since(id: string): readonly LiveEvent[] | null;
  /** Of the newest event. */
  readonly lastId: string;
  clear(): void;
}

const eventsMax = 2000;
const bytesMax = 8 * 1024 * 1024;
const encoder = new TextEncoder();

export function createEventRing(run: string): EventRing {
  let events: LiveEvent[] = [];
  let bytes = 0;
  let sequence = 0;
  const idOf = (number: number): string => `${run}-${number}`;
  return {
    get lastId() {
      return idOf(sequence);
    },
    add: (name, data, group = null) => {
      sequence += 1;
      const event = { sequence, name, group, bytes: encodeEvent(name, data, idOf(sequence)) };
      events.push(event);
      bytes += event.bytes.length;
      while (events.length > eventsMax || (bytes > bytesMax && events.length > 1)) {
        bytes -= events.shift()?.bytes.length ?? 0;
      }
      return event;
    },
    since: (id) => {
      const [, ownRun, digits] = /^(.{1,64})-(\d{1,15})$/.exec(id) ?? [];
      if (ownRun !== run || digits === undefined) return null;
      const after = Number(digits);
      const oldest = events[0]?.sequence ?? sequence + 1;
      if (after > sequence || after < oldest - 1) return null;
      return events.filter((event) => event.sequence > after);
    },
    // What is forgotten is missed: nobody was there to see it.
    clear: () => {
      events = [];
      bytes = 0;
      sequence += 1;
    },
  };
}

/** As https://html.spec.whatwg.org/multipage/server-sent-events.html has it; JSON has no line end. */
export function encodeEvent(name: string, data: unknown, id: string | null): Uint8Array {
  const idLine = id === null ? '' : `id: ${id}\n`;
  return encoder.encode(`event: ${name}\n${idLine}data: ${JSON.stringify(data)}\n\n`);
}
