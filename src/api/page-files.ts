// The page's built files, read once into memory: what is not among them cannot be asked for, whatever
// a path looks like.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import type { ApiEnv } from './access/person.ts';

export interface PageFile {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  /** Null where compressing gains nothing. */
  readonly gzipped: Uint8Array<ArrayBuffer> | null;
  readonly etag: string;
}

/** By path: `/` and `/assets/…`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const filesMax = 200;
const fileBytesMax = 4 * 1024 * 1024;

const types: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.webmanifest', 'application/manifest+json'],
  ['.json', 'application/json'],
]);

/** Empty where the page has not been built: no `index.html` in the folder. */
export function readPageFiles(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  const index = readPageFile(join(folder, 'index.html'));
  if (index === null) return files;
  files.set('/', index);
  for (const name of listNames(join(folder, 'assets')).slice(0, filesMax)) {
    const file = readPageFile(join(folder, 'assets', name));
    if (file !== null) files.set(`/assets/${name}`, file);
  }
  return files;
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .toSorted();
  } catch {
    return [];
  }
}

function readPageFile(path: string): PageFile | null {
  const type = types.get(extname(path));
  if (type === undefined) return null;
  try {
    if (statSync(path).size > fileBytesMax) return null;
    const plain = new Uint8Array(readFileSync(path));
    const gzipped = new Uint8Array(gzipSync(plain, { level: 9 }));
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
    return { type, plain, gzipped: gzipped.length < plain.length ? gzipped : null, etag };
  } catch {
    return null;
  }
}

/** The page talks to its own origin alone, and nothing else may frame it or run in it. */
export const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

const missing =
  'The page has not been built: `npm run build:page` builds it into dist/dashboard; then start again. The API is at /v1, see docs/http.md.\n';

export function addPageRoutes(app: Hono<ApiEnv>, files: PageFiles): void {
  app.get('/', ({ req }) => {
    const index = files.get('/');
    if (index !== undefined) return answerFile(index, 'no-store', req.header('accept-encoding'));
    return new Response(missing, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
  });
  app.get('/assets/:name', (context) => {
    const file = files.get(`/assets/${context.req.param('name')}`);
    if (file === undefined) return context.notFound();
    // Names carry a hash of what is in them.
    const cache = 'public, max-age=31536000, immutable';
    if (context.req.header('if-none-match') === file.etag) {
      return new Response(null, {
        status: 304,
        headers: { 'cache-control': cache, etag: file.etag },
      });
    }
    return answerFile(file, cache, context.req.header('accept-encoding'));
  });
}

function answerFile(
  { etag, gzipped, plain, type }: PageFile,
  cache: string,
  accepted: string | undefined,
): Response {
  const headers = new Headers({
    'content-type': type,
    'cache-control': cache,
    etag,
    vary: 'accept-encoding',
  });
  const isGzipped = gzipped !== null && /\bgzip\b/.test(accepted ?? '');
  if (isGzipped) headers.set('content-encoding', 'gzip');
  return new Response(isGzipped ? gzipped : plain, { headers });
}
