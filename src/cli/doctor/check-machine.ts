// What this machine gives: a store that can be written, instance metadata that is closed to others.

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describeError } from '../describe-error.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const metadataDefault = 'http://169.254.169.254';
const metadataWaitMaxMs = 1_000;

export function checkStore(path: string): Finding {
  const full = resolve(path);
  // The folders that are missing are made at the start, in the first one that is there.
  let place = existsSync(full) ? full : dirname(full);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    if (place !== full && !statSync(place).isDirectory()) throw new Error(`${place} is a file`);
    accessSync(place, constants.R_OK | constants.W_OK);
    return ok('store', `${path} can be written`);
  } catch (error) {
    const next = 'give the user of Foretide the right to write there, or name another store.path';
    return fail('store', `${path} cannot be written: ${describeError(error)}`, next);
  }
}

export async function checkMetadata(): Promise<Finding> {
  if (process.env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') {
    return ok('metadata', 'not asked, as AWS_EC2_METADATA_DISABLED wishes');
  }
  const base = process.env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? metadataDefault;
  try {
    const open = await fetch(`${base}/latest/meta-data/instance-id`, {
      signal: AbortSignal.timeout(metadataWaitMaxMs),
    });
    if (open.status === 401) return ok('metadata', 'answers, to version 2 alone');
    if (open.status !== 200 || !/^i-[0-9a-f]+$/u.test((await open.text()).trim())) {
      return ok('metadata', 'there is none: this is no EC2 instance');
    }
    const next = 'aws ec2 modify-instance-metadata-options --http-tokens required --instance-id ID';
    return warn('metadata', 'version 1 is open: whatever fetches a URL gets the credentials', next);
  } catch {
    return ok('metadata', 'there is none: this is no EC2 instance');
  }
}
