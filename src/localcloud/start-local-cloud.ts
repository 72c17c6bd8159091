// The local cloud as a server: one HTTP port on loopback, the model behind AWS's own protocols.
// This file composes; what a request meets is answer-call.ts.

import type { Account, AccountOptions } from '../cloud/account/account.ts';
import { createAccount } from '../cloud/account/account.ts';
import type { InstanceMetric } from '../cloud/account/instance-metric.ts';
import { recordInstanceMetric } from '../cloud/account/instance-metric.ts';
import type { AccountState } from '../cloud/account/snapshot.ts';
import { restoreAccount, snapshotAccount } from '../cloud/account/snapshot.ts';
import type { Outcome } from '../cloud/fault.ts';
import type { Timeline } from '../cloud/timeline.ts';
import { advanceTogether, earliestEventAt } from '../cloud/timeline.ts';
import { World } from '../cloud/world.ts';
import type { WorldOptions } from '../cloud/world-options.ts';
import type { Switchboard } from './answer-call.ts';
import { answerCall } from './answer-call.ts';
import type { Clock } from './clock.ts';
import { createClock } from './clock.ts';
import type { SwitchboardOptions } from './create-switchboard.ts';
import { createSwitchboard } from './create-switchboard.ts';
import type { FaultControl } from './fault-control.ts';
import { createFaultControl } from './fault-control.ts';
import type { HttpServer } from './http-server.ts';
import { openHttpServer } from './http-server.ts';
import type { MetadataService } from './metadata/metadata-service.ts';
import { createMetadataService } from './metadata/metadata-service.ts';
import type { WireRequest, WireResponse } from './protocol.ts';
import { digestContent } from './sqs/message-digest.ts';

export interface LocalCloudOptions extends SwitchboardOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** `127.0.0.1` by default: nobody else can reach it. */
  readonly host?: string;
  /** Default: the wall's time at its own speed. See `createClock` for others. */
  readonly clock?: Clock;
  /** A world made or restored before; else one is made with `worldOptions`. */
  readonly world?: World;
  readonly worldOptions?: Partial<WorldOptions>;
  /** An account made or restored before, with its world; else one is made around the world. */
  readonly account?: Account;
  /** Further models that move with the world, event by event. */
  readonly timelines?: readonly Timeline[];
}

export interface LocalCloud {
  /** `http://127.0.0.1:PORT`, for an SDK's `endpoint`. */
  readonly url: string;
  readonly world: World;
  /** The world with its queues and metrics. */
  readonly account: Account;
  readonly clock: Clock;
  readonly faults: FaultControl;
  /** Brings the models to the clock's present; every request does so by itself. */
  advance(): void;
  /**
   * Feeds what EC2 would measure of an instance now, such as its CPU, in: seen under the instance
   * and, once it has warmed up, under its group.
   */
  recordMetric(metric: InstanceMetric): Outcome<true>;
  /** The whole state at the clock's present, as plain JSON; see `restoreLocalAccount`. */
  takeSnapshot(): AccountState;
  /**
   * Opens a port that is one instance's metadata service, for programs that keep only host and
   * port of AWS_EC2_METADATA_SERVICE_ENDPOINT. Others may use `url + '/imds/' + instanceId`.
   */
  openInstanceMetadata(
    instanceId: string,
  ): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** PEM of the key that signs instance identity documents. */
  identityPublicKey(): string;
  close(): Promise<void>;
}

/** Starts the server and resolves once it listens. */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock ?? createClock();
  const account = options.account ?? createLocalAccount(options, clock);
  const { world } = account;
  const timelines: readonly Timeline[] = [...account.timelines, ...(options.timelines ?? [])];
  const faults = createFaultControl();
  const metadata = createMetadataService(world, account.secrets);
  const closing = new AbortController();
  const advance = (): number => {
    // A restored world may be ahead of the clock; it waits there.
    advanceTogether(timelines, Math.max(world.now, clock.now()));
    return world.now;
  };
  // The URLs of queues contain the port, which is known only when the server listens.
  const board = Promise.withResolvers<Switchboard>();
  const server = await openHttpServer({ host, port: options.port ?? 0 }, async (request, caller) =>
    isMetadataRequest(request)
      ? answerMetadata(metadata, advance, request)
      : answerCall(await board.promise, request, caller),
  );
  const url = `http://${host}:${server.port}`;
  const parts = { account, url, clock, advance, faults, closing: closing.signal };
  board.resolve(createSwitchboard(options, parts));
  const stopFollowing = followTime(clock, timelines, advance);
  const instanceServers = new Set<HttpServer>();
  return {
    url,
    world,
    account,
    clock,
    faults,
    advance: () => void advance(),
    recordMetric(metric) {
      advance();
      return recordInstanceMetric(account, metric);
    },
    takeSnapshot() {
      advance();
      return snapshotAccount(account);
    },
    identityPublicKey: () => metadata.identityPublicKey(),
    async openInstanceMetadata(instanceId) {
      const opened = await openHttpServer({ host, port: 0 }, (request) => {
        advance();
        return Promise.resolve(metadata.answer(instanceId, request, Date.now()));
      });
      instanceServers.add(opened);
      return {
        url: `http://${host}:${opened.port}`,
        close: async () => {
          instanceServers.delete(opened);
          await opened.close();
        },
      };
    },
    async close() {
      stopFollowing();
      closing.abort();
      await Promise.all([server, ...instanceServers].map((opened) => opened.close()));
    },
  };
}

const MODEL_OPTIONS: AccountOptions = { contentDigest: digestContent };

function createLocalAccount(options: LocalCloudOptions, clock: Clock): Account {
  return createAccount(
    options.world ?? new World(clock.now(), options.worldOptions),
    MODEL_OPTIONS,
  );
}

/** The account of a snapshot, or one line on why it cannot be had. */
export function restoreLocalAccount(snapshot: unknown): Outcome<Account> {
  return restoreAccount(snapshot, MODEL_OPTIONS);
}

/** The models are looked at again at their next event, and at least this often (model time). */
const FOLLOW_MAX_MS = 60_000;

/** Lets events happen in their time also while nobody calls. Returns what ends it. */
function followTime(
  clock: Clock,
  timelines: readonly Timeline[],
  advance: () => number,
): () => void {
  let cancel = (): void => undefined;
  const follow = (): void => {
    const now = advance();
    const nextAt = earliestEventAt(timelines) ?? Number.POSITIVE_INFINITY;
    // Not below 1 ms: an event at this very moment has just happened.
    cancel = clock.after(Math.max(1, Math.min(FOLLOW_MAX_MS, nextAt - now)), follow);
  };
  follow();
  return () => cancel();
}

const METADATA_PREFIX = '/imds/';

function isMetadataRequest(request: WireRequest): boolean {
  return request.path.startsWith(METADATA_PREFIX);
}

/** `/imds/<instance-id>/latest/…` is `/latest/…` on that instance. */
function answerMetadata(
  metadata: MetadataService,
  advance: () => number,
  request: WireRequest,
): WireResponse {
  advance();
  const rest = request.path.slice(METADATA_PREFIX.length);
  const slashAt = rest.indexOf('/');
  const instanceId = slashAt < 0 ? rest : rest.slice(0, slashAt);
  const path = slashAt < 0 ? '/' : rest.slice(slashAt);
  return metadata.answer(instanceId, { ...request, path }, Date.now());
}
