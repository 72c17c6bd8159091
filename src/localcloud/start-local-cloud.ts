// The local cloud as a server: one HTTP port on loopback, the model behind AWS's own protocols.
// This file composes; what a request meets is answer-call.ts.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Timeline } from '../cloud/timeline.ts';
import { advanceTogether, earliestEventAt } from '../cloud/timeline.ts';
import { World } from '../cloud/world.ts';
import type { WorldOptions } from '../cloud/world-options.ts';
import type { Switchboard } from './answer-call.ts';
import { answerCall } from './answer-call.ts';
import { createAutoScalingService } from './autoscaling/service.ts';
import type { Clock } from './clock.ts';
import { createClock } from './clock.ts';
import { createEc2Service } from './ec2/service.ts';
import type { FaultControl } from './fault-control.ts';
import { createFaultControl } from './fault-control.ts';
import type { HttpServer } from './http-server.ts';
import { openHttpServer } from './http-server.ts';
import type { Credentials } from './keyring.ts';
import { createKeyring } from './keyring.ts';
import type { MetadataService } from './metadata/metadata-service.ts';
import { createMetadataService } from './metadata/metadata-service.ts';
import type { Protocol, WireRequest, WireResponse } from './protocol.ts';
import { QUERY_DIALECTS } from './query-dialects.ts';
import { createQueryProtocol } from './query-protocol.ts';
import type { Service } from './service.ts';
import { createStsService } from './sts/service.ts';
import type { Throttling } from './throttle.ts';
import { createThrottle, DEFAULT_THROTTLING } from './throttle.ts';

export interface LocalCloudOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** `127.0.0.1` by default: nobody else can reach it. */
  readonly host?: string;
  /** Default: the wall's time at its own speed. See `createClock` for others. */
  readonly clock?: Clock;
  /** A world made or restored before; else one is made with `worldOptions`. */
  readonly world?: World;
  readonly worldOptions?: Partial<WorldOptions>;
  /** Whose signatures are true. None named: any well-formed signature is let in. */
  readonly credentials?: readonly Credentials[];
  readonly throttling?: Throttling;
  /** Further services, and the protocols that reach them. */
  readonly services?: readonly Service[];
  readonly protocols?: readonly Protocol[];
  /** Further models that move with the world, event by event. */
  readonly timelines?: readonly Timeline[];
}

export interface LocalCloud {
  /** `http://127.0.0.1:PORT`, for an SDK's `endpoint`. */
  readonly url: string;
  readonly world: World;
  readonly clock: Clock;
  readonly faults: FaultControl;
  /** Brings the models to the clock's present; every request does so by itself. */
  advance(): void;
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
  const world = options.world ?? new World(clock.now(), options.worldOptions);
  const timelines: readonly Timeline[] = [world, ...(options.timelines ?? [])];
  const faults = createFaultControl();
  const metadata = createMetadataService(world);
  const closing = new AbortController();
  const advance = (): number => {
    // A restored world may be ahead of the clock; it waits there.
    advanceTogether(timelines, Math.max(world.now, clock.now()));
    return world.now;
  };
  const board = createBoard(options, { world, advance, faults, closing });
  const server = await openHttpServer({ host, port: options.port ?? 0 }, (request, requestId) =>
    isMetadataRequest(request)
      ? Promise.resolve(answerMetadata(metadata, advance, request))
      : answerCall(board, request, requestId),
  );
  const stopFollowing = followTime(clock, timelines, advance);
  const instanceServers = new Set<HttpServer>();
  return {
    url: `http://${host}:${server.port}`,
    world,
    clock,
    faults,
    advance: () => void advance(),
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

function createBoard(
  options: LocalCloudOptions,
  parts: {
    readonly world: World;
    readonly advance: () => number;
    readonly faults: ReturnType<typeof createFaultControl>;
    readonly closing: AbortController;
  },
): Switchboard {
  const { world, advance, faults, closing } = parts;
  const keyring = createKeyring(options.credentials);
  const services = [
    createAutoScalingService(world),
    createEc2Service(world),
    createStsService(keyring),
    ...(options.services ?? []),
  ];
  return {
    protocols: [...(options.protocols ?? []), createQueryProtocol(QUERY_DIALECTS)],
    services: new Map(services.map((service) => [service.signingName, service])),
    keyring,
    region: world.options.region,
    accountId: world.options.accountId,
    advance,
    throttle: createThrottle(options.throttling ?? DEFAULT_THROTTLING),
    takeFault: (operation) => faults.take(operation),
    wait: async (wallMs) => {
      await sleep(wallMs, undefined, { signal: closing.signal });
    },
  };
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
