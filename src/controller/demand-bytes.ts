// What a demand policy has learned as one piece of bytes: the model of cold launches, and the one of
// starts from a warm pool behind it where there is one.
//
//   cold model │ or: 0xFF, length of the cold model (4 bytes), cold model, pool

import { recallDemand, rememberDemand } from '../core/demand/demand-memory.ts';
import type { DemandModel, DemandModelOptions } from '../core/demand/demand-model.ts';
import { recallPool, rememberPool, type PoolOutlook } from '../core/demand/pool-outlook.ts';

/** A model's first byte is never this: its version is a small number. */
const pairMark = 0xff;
const headBytes = 5;

export function rememberLearned(model: DemandModel, pool: PoolOutlook | null): Uint8Array {
  const cold = rememberDemand(model);
  if (pool === null) return cold;
  const warm = rememberPool(pool);
  const bytes = new Uint8Array(headBytes + cold.length + warm.length);
  bytes[0] = pairMark;
  new DataView(bytes.buffer).setUint32(1, cold.length);
  bytes.set(cold, headBytes);
  bytes.set(warm, headBytes + cold.length);
  return bytes;
}

/** Null where the model of cold launches is of no use; the pool's part may be lost by itself. */
export function recallLearned(
  bytes: Uint8Array,
  options: DemandModelOptions,
): { readonly model: DemandModel; readonly pool: PoolOutlook | null } | null {
  if (bytes[0] !== pairMark || bytes.length < headBytes) {
    const model = recallDemand(bytes, options);
    return model === null ? null : { model, pool: null };
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const model = recallDemand(bytes.subarray(headBytes, headBytes + length), options);
  if (model === null) return null;
  return { model, pool: recallPool(bytes.subarray(headBytes + length), options) };
}
