// The loads that the protocol scores: real traces of a minute or less from a folder, and the
// bursty generator. See docs/quality.md.
import { createReadStream, existsSync } from 'node:fs';
import { expandToSeconds } from '../src/simulation/load/expand-to-seconds.ts';
import type { Load } from '../src/simulation/load/load.ts';
import { generateSocial } from '../src/simulation/load/social.ts';
import { createCsvReader } from '../src/simulation/trace/csv.ts';
import type { Trace } from '../src/simulation/trace/trace.ts';

export const defaultTracesFolder = '../shared/traces';

/** Traces by name; `count` where a value is what came in a whole step. */
const scoredTraces = {
  ms_mongo_app_rps_01_1min: 'rate',
  ms_mongo_app_rps_02_1min: 'rate',
  ms_mongo_app_rps_03_1min: 'rate',
  ms_mongo_app_rps_04_1min: 'rate',
  nasa95_jul_web_1min: 'count',
  nasa95_aug_web_1min: 'count',
  nasa95_launchday_1s: 'rate',
  autothrottle_bursty_1s: 'rate',
  autothrottle_diurnal_1s: 'rate',
  autothrottle_diurnal2_1s: 'rate',
  autothrottle_noisy_1s: 'rate',
  azurellm2023_conv_tokens_1s: 'rate',
} as const;

const socialSeeds = [101, 102, 103, 104, 105, 106] as const;

export interface NamedLoad {
  readonly name: string;
  /** Made when asked for: all of them at once would fill the memory. */
  readonly read: () => Promise<Load>;
}

/** The scored loads that a folder allows; without it only the generated ones, and it says so. */
export function listScoredLoads(folder: string): readonly NamedLoad[] {
  const generated = socialSeeds.map((seed) => ({
    name: `social ${seed}`,
    read: () => Promise.resolve(generateSocial(seed)),
  }));
  if (!existsSync(folder)) {
    console.log(`No folder ${folder} (see --traces): generated loads only.`);
    return generated;
  }
  const traces = Object.entries(scoredTraces).map(([name, value]) => ({
    name,
    read: () => readLoad(`${folder}/${name}.csv`, value),
  }));
  return [...traces, ...generated];
}

async function readLoad(path: string, value: 'rate' | 'count'): Promise<Load> {
  return expandToSeconds(await readTrace(path), { value, within: 'poisson', seed: 1 });
}

async function readTrace(path: string): Promise<Trace> {
  const reader = createCsvReader();
  for await (const chunk of createReadStream(path, 'utf8')) {
    if (!reader.push(String(chunk))) break;
  }
  const reading = reader.finish();
  if (reading.kind === 'trace') return reading.trace;
  throw new Error(`${path}: ${reading.problems[0]?.message ?? 'refused'}`);
}
