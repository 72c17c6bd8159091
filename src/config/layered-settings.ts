// Settings in layers: a group's own, over those of `defaults`, over those built in. A key counts
// where it is written first, whole.

import type { Path } from './config-error.ts';
import type { WrittenSettings } from './file-schema.ts';

/** The settings at one place of the file. */
export interface Layer {
  readonly written: WrittenSettings;
  readonly path: Path;
}

export interface Setting<T> {
  readonly value: T;
  readonly path: Path;
}

/** Null for a key that is nowhere, or that is not as it should be where it counts. */
export function findSetting<K extends keyof WrittenSettings>(
  layers: readonly Layer[],
  key: K,
): Setting<NonNullable<WrittenSettings[K]>> | null {
  const layer = layers.find(({ written }) => Object.hasOwn(written, key));
  const value = layer?.written[key];
  if (layer === undefined || value === undefined) return null;
  return { value, path: [...layer.path, key] };
}

export function isWritten(layers: readonly Layer[], key: keyof WrittenSettings): boolean {
  return layers.some(({ written }) => Object.hasOwn(written, key));
}
