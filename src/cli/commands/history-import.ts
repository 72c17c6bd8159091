// `foretide history import`: a group's past demand from elsewhere, into the history that its forecasts
// learn from: through the running controller, or into the store where none runs.

import { createClient } from '../../api/client.ts';
import type { GroupConfig } from '../../config/config.ts';
import { demandSeries } from '../../controller/group-forecaster.ts';
import type { HistoryImported } from '../../controller/ports/store.ts';
import { openStore } from '../../store/open-store.ts';
import { readConfigFile } from '../config-file.ts';
import type { HistoryImportOptions } from '../history/options.ts';
import { readCloudWatchPast } from '../history/read-cloudwatch-past.ts';
import { readDatapointsPast, readFilePast, readPrometheusPast } from '../history/read-file-past.ts';
import { toMinutes, type PastMinutes, type PastValue } from '../history/to-minutes.ts';
import { socketBeside } from '../places.ts';
import { StartError } from '../start-error.ts';
import { readVersion } from '../version.ts';

/** As many as the API takes at once, and the store comfortably. */
const minutesPerRequest = 400;
const minutesPerCall = 10_000;

interface Told extends HistoryImported {
  readonly group: string;
  readonly signal: string;
  readonly from: number;
  readonly to: number;
  readonly tooOld: number;
  readonly isTrial: boolean;
  /** What the values were of is not sure. */
  readonly doubt: string | null;
  readonly into: 'controller' | 'store';
}

export async function importHistory(
  source: string | undefined,
  options: HistoryImportOptions,
): Promise<void> {
  const config = readConfigFile(options.config);
  const group = findGroup(config.groups, options.group);
  const now = Date.now();
  const factor = options.scale * (options.instances ?? 1);
  const values = await readPast(source, { group, options, now });
  const scaled = values.map((one) => ({ ...one, value: one.value * factor }));
  const read = toMinutes(scaled, now);
  if (!read.ok) throw new StartError(`${source ?? options.from}: ${read.message}`, 2);
  const told = await deliver(read.past, { group, options, storePath: config.store.path });
  const text = options.json === true ? JSON.stringify(told) : describe(told);
  process.stdout.write(`${text}\n`);
}

function findGroup(groups: readonly GroupConfig[], name: string): GroupConfig {
  const found = groups.find(({ group }) => group.name === name);
  if (found !== undefined) return found;
  const known = groups.map(({ group }) => group.name).join(', ');
  throw new StartError(`the config has no group ${name}; it has: ${known}`, 2);
}

interface Reading {
  readonly group: GroupConfig;
  readonly options: HistoryImportOptions;
  readonly now: number;
}

async function readPast(
  source: string | undefined,
  { group, options, now }: Reading,
): Promise<readonly PastValue[]> {
  if (options.from === 'cloudwatch') {
    if (source === undefined) return await readCloudWatchPast(group, { now });
    // What `aws cloudwatch get-metric-data` has printed.
    return await readFilePast(source, options);
  }
  if (source === undefined) {
    throw new StartError(`--from ${options.from} needs a file to read`, 2);
  }
  if (options.from === 'datapoints') return readDatapointsPast(source);
  const isAddress = options.from === 'prometheus' && /^https?:\/\//.test(source);
  if (isAddress) return await readPrometheusPast(source, { ...options, now });
  return await readFilePast(source, options);
}

interface Delivery {
  readonly group: GroupConfig;
  readonly options: HistoryImportOptions;
  readonly storePath: string;
}

async function deliver(
  { minutes, tooOld }: PastMinutes,
  { group, options, storePath }: Delivery,
): Promise<Told> {
  const { name } = group.group;
  const isTrial = options.dryRun === true;
  const client = createClient({ socketPath: options.socket ?? socketBeside(storePath) });
  const answer = await client.version();
  const isRunning = answer.kind === 'answered';
  if (!isRunning && (answer.kind !== 'unreachable' || answer.code !== 'no-controller')) {
    const why = answer.kind === 'unreachable' ? answer.message : answer.detail;
    throw new StartError(`a controller has the store and cannot be asked: ${why}`, 1);
  }
  const written = isRunning
    ? await sendAll(minutes, async (part, isLast) => {
        const replaces = options.replace === true;
        const sent = await client.importHistory(name, { minutes: part, replaces, isTrial, isLast });
        if (sent.kind === 'answered') return sent.value;
        throw new StartError(sent.kind === 'refused' ? sent.detail : sent.message, 1);
      })
    : await writeToStore(minutes, { group, options, storePath });
  return {
    ...written,
    group: name,
    signal: demandSeries(group.forecast),
    from: minutes[0]?.[0] ?? 0,
    to: minutes.at(-1)?.[0] ?? 0,
    tooOld,
    isTrial,
    doubt: findDoubt(options),
    into: isRunning ? 'controller' : 'store',
  };
}

type Minutes = PastMinutes['minutes'];

async function sendAll(
  minutes: Minutes,
  send: (part: Minutes, isLast: boolean) => Promise<HistoryImported>,
  atOnce = minutesPerRequest,
): Promise<HistoryImported> {
  let written = 0;
  let kept = 0;
  for (let index = 0; index < minutes.length; index += atOnce) {
    const isLast = index + atOnce >= minutes.length;
    const imported = await send(minutes.slice(index, index + atOnce), isLast);
    written += imported.written;
    kept += imported.kept;
  }
  return { written, kept };
}

async function writeToStore(
  minutes: Minutes,
  { group, options, storePath }: Delivery,
): Promise<HistoryImported> {
  const store = openStore({ path: storePath, foretideVersion: readVersion() });
  const { name } = group.group;
  const request = {
    group: name,
    signal: demandSeries(group.forecast),
    replaces: options.replace === true,
    isTrial: options.dryRun === true,
  };
  try {
    const imported = await sendAll(
      minutes,
      async (part) => {
        const pairs = part.map(([start, mean]) => ({ start, mean }));
        const outcome = await store.history.importMinutes({ ...request, minutes: pairs });
        if (outcome.ok) return outcome.value;
        throw new StartError(outcome.message, 1);
      },
      minutesPerCall,
    );
    // What was learnt without them is of no use any more: the next start learns from the history.
    if (!request.isTrial) await store.forecasts.save(name, null);
    return imported;
  } finally {
    await store.close();
  }
}

function findDoubt({ from, instances }: HistoryImportOptions): string | null {
  if (from !== 'datapoints' || instances !== undefined) return null;
  return 'datapoints are of a mean instance: taken as one; --instances says how many there were';
}

function describe(told: Told): string {
  const { group, signal, from, to, written, kept, tooOld, isTrial, into, doubt } = told;
  const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const verb = isTrial ? 'would take in' : 'took in';
  const notes = [
    ...(kept === 0 ? [] : [`${kept} were there already and stay (--replace writes over them)`]),
    ...(tooOld === 0 ? [] : [`${tooOld} values are older than the 60 days that are kept`]),
    ...(doubt === null ? [] : [doubt]),
  ];
  const place = into === 'controller' ? 'the running controller' : 'the store';
  return [
    `${group}: ${place} ${verb} ${written} minutes of ${signal}, ${day(from)} to ${day(to)} UTC`,
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
