// A server that speaks the API to the page without a controller: fleets of any size and states that
// are hard to reach for real. Serves the built page too. Nothing that it says was measured.

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { FleetEvent, HelloEvent, SessionAnswer } from '../contract.ts';
import { fakeAudit, fakeDecisions } from './fake-past.ts';
import {
  describeFakeGroup,
  fakeColumns,
  fakeForecast,
  fakeName,
  fakeSeries,
  fakeRow,
} from './fake-fleet.ts';

export interface FakeServer {
  readonly url: string;
  /** Sends the next second to every viewer. */
  tick(): void;
  close(): Promise<void>;
}

export interface FakeServerOptions {
  readonly groups: number;
  /** Of each group; null: as many as its demand needs. */
  readonly instances: number | null;
  readonly pageFolder: string;
  readonly session?: SessionAnswer;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export async function startFakeServer(options: FakeServerOptions): Promise<FakeServer> {
  const viewers = new Map<ServerResponse, string | null>();
  const startedAt = Date.now();
  let second = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/v1/events') {
      answer({ request, response, url }, options, second);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    viewers.set(response, url.searchParams.get('groups'));
    response.once('close', () => viewers.delete(response));
    const hello: HelloEvent = {
      version: '0.1.0',
      startedAt,
      now: Date.now(),
      fleetColumns: fakeColumns,
    };
    send(response, 'hello', hello);
    send(response, 'fleet', tellFleet(options.groups, second, true));
    tellGroup(response, url.searchParams.get('groups'), { ...options, second });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A server that listens on TCP has such an address.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tick: () => {
      second += 1;
      for (const [viewer, watched] of viewers) {
        send(viewer, 'fleet', tellFleet(options.groups, second, false));
        tellGroup(viewer, watched, { ...options, second });
      }
    },
    close: () => {
      for (const viewer of viewers.keys()) viewer.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function tellFleet(count: number, second: number, isWhole: boolean): FleetEvent {
  const rows = Array.from({ length: count }, (_, index) => fakeRow(index, second));
  return { isWhole, rows, gone: [] };
}

interface GroupWanted extends FakeServerOptions {
  readonly second: number;
}

function tellGroup(viewer: ServerResponse, name: string | null, wanted: GroupWanted): void {
  if (name === null) return;
  const { instances, ...status } = describeFakeGroup(name, wanted.instances, wanted.second);
  send(viewer, 'group', {
    name,
    isWhole: true,
    status,
    joined: instances.map((one) => [
      one.id,
      one.lifecycleState,
      one.zone,
      one.instanceType,
      one.isReporting,
      one.isWarmed,
      one.agentVersion,
    ]),
    left: [],
    signals: ['connections', 'cpu'],
    readings: instances.map(({ id, sampleAgeMs, signals }) => [
      id,
      sampleAgeMs,
      signals['connections'] ?? null,
      signals['cpu'] ?? null,
    ]),
  });
}

function send(viewer: ServerResponse, name: string, data: unknown): void {
  viewer.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

function answer({ response, url }: Exchange, options: FakeServerOptions, second: number): void {
  const body = findBody(url, options, second);
  if (body !== null) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
    return;
  }
  const isPage = url.pathname === '/' || /^\/assets\/[\w.-]+$/.test(url.pathname);
  if (!isPage) {
    response.writeHead(404, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ code: 'no-data', detail: `nothing at ${url.pathname}` }));
    return;
  }
  const path = join(options.pageFolder, url.pathname === '/' ? 'index.html' : url.pathname);
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain' });
  response.end(readFileSync(path));
}

function findBody(url: URL, options: FakeServerOptions, second: number): object | null {
  const { pathname, searchParams } = url;
  const [, name = '', part = ''] = /^\/v1\/groups\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
  if (pathname === '/v1/session') {
    return options.session ?? { name: null, role: 'viewer', expiresAt: null };
  }
  if (pathname === '/v1/version') return { version: '0.1.0', startedAt: 0, now: Date.now() };
  if (pathname === '/v1/config/check') return { isValid: true, groups: ['web'] };
  if (pathname === '/v1/audit') {
    return { entries: fakeAudit([fakeName(1), fakeName(2)], Date.now()) };
  }
  if (name === '') return null;
  const readTime = (end: string): number => Number(searchParams.get(end) ?? Date.now());
  switch (part) {
    case '':
      return describeFakeGroup(decodeURIComponent(name), options.instances, second);
    case 'series':
      return fakeSeries(decodeURIComponent(name), searchParams);
    case 'decisions':
      return {
        group: name,
        decisions: fakeDecisions(decodeURIComponent(name), readTime('from'), readTime('to')),
      };
    case 'forecast':
      return fakeForecast(decodeURIComponent(name), Date.now());
    default:
      return null;
  }
}
