// Numbers and arrays one after another as bytes, written and read by the same walk: what passes a
// recording tape is kept, what passes a playing one is replaced by what was kept.

export type NumberArray = Float64Array | Float32Array | Int32Array;

export interface MemoryTape {
  /** The number to go on with. */
  pass(value: number): number;
  /** Arrays of the same length, at most 65,535. Zeros cost nothing. */
  passAll(values: NumberArray): void;
}

const firstBytes = 65_536;

export interface RecordingTape extends MemoryTape {
  bytes(): Uint8Array;
}

export function createRecordingTape(): RecordingTape {
  let view = new DataView(new ArrayBuffer(firstBytes));
  let end = 0;
  const reserve = (count: number): number => {
    if (end + count > view.byteLength) {
      const larger = new Uint8Array(2 * (end + count));
      larger.set(new Uint8Array(view.buffer, 0, end));
      view = new DataView(larger.buffer);
    }
    const at = end;
    end += count;
    return at;
  };
  const write = (value: number): number => {
    const at = reserve(8);
    view.setFloat64(at, value, true);
    return value;
  };
  return {
    pass: write,
    passAll: (values) => {
      let count = 0;
      for (const value of values) if (value !== 0) count += 1;
      write(count);
      for (const [index, value] of values.entries()) {
        if (value === 0) continue;
        const at = reserve(2 + widthOf(values));
        view.setUint16(at, index, true);
        if (values instanceof Float64Array) view.setFloat64(at + 2, value, true);
        else if (values instanceof Float32Array) view.setFloat32(at + 2, value, true);
        else view.setInt32(at + 2, value, true);
      }
    },
    bytes: () => new Uint8Array(view.buffer.slice(0, end)),
  };
}

export interface PlayingTape extends MemoryTape {
  /** Whether all was there, and nothing is left. */
  isWhole(): boolean;
}

/** Past the end, or where an index does not fit, zeros come and the tape is not whole. */
export function createPlayingTape(bytes: Uint8Array): PlayingTape {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  let isDamaged = false;
  const take = (count: number): number | null => {
    if (isDamaged || end + count > view.byteLength) {
      isDamaged = true;
      return null;
    }
    const at = end;
    end += count;
    return at;
  };
  const read = (): number => {
    const at = take(8);
    return at === null ? 0 : view.getFloat64(at, true);
  };
  return {
    pass: read,
    passAll: (values) => {
      values.fill(0);
      const count = read();
      if (!(count >= 0 && count <= values.length)) isDamaged = true;
      for (let each = 0; each < count && !isDamaged; each += 1) {
        const at = take(2 + widthOf(values));
        if (at === null) return;
        const index = view.getUint16(at, true);
        if (index >= values.length) isDamaged = true;
        else if (values instanceof Float64Array) values[index] = view.getFloat64(at + 2, true);
        else if (values instanceof Float32Array) values[index] = view.getFloat32(at + 2, true);
        else values[index] = view.getInt32(at + 2, true);
      }
    },
    isWhole: () => !isDamaged && end === view.byteLength,
  };
}

function widthOf(values: NumberArray): number {
  return values instanceof Float64Array ? 8 : 4;
}
