import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const launcher = fileURLToPath(new URL('foretide.mjs', import.meta.url));

/** Makes the Node that runs the launcher say that it is an older one. */
const asNode20 = [
  '--import',
  'data:text/javascript,Object.defineProperty(process, "versions", { value: { node: "20.19.5" } });',
];

interface Outcome {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** Starts the launcher inside a package that has only these files. */
async function launch(
  files: Readonly<Record<string, string>>,
  options: readonly string[] = [],
  whenReady: (pid: number) => void = () => undefined,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-package-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'bin'));
  cpSync(launcher, join(folder, 'bin/foretide.mjs'));
  for (const [path, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), 0o755);
  }
  const child = spawn(
    process.execPath,
    [...options, join(folder, 'bin/foretide.mjs'), 'status', '--json'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    if (output === 'ready\n' && child.pid !== undefined) whenReady(child.pid);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
}

const compiled = "console.log('compiled', ...process.argv.slice(2)); process.exitCode = 3;\n";
const source = "const word: string = 'source'; console.log(word, ...process.argv.slice(2));\n";
const bundledNode = 'node_modules/node/bin/node';

it('runs the compiled program with its parameters and exit code', async () => {
  const outcome = await launch({ 'dist/cli/main.js': compiled, 'src/cli/main.ts': source });
  expect(outcome).toEqual({ code: 3, signal: null, output: 'compiled status --json\n' });
});

it('runs the source where nothing is compiled', async () => {
  const outcome = await launch({ 'src/cli/main.ts': source });
  expect(outcome.code).toBe(0);
  expect(outcome.output).toContain('source status --json\n');
});

it('says in one line that there is nothing to run', async () => {
  const outcome = await launch({});
  expect(outcome.code).toBe(1);
  expect(outcome.output).toMatch(/^foretide: there is neither \S+ nor \S+: run `npm run build`\n$/);
});

it('says in one line which Node it found and which it needs', async () => {
  const outcome = await launch({ 'dist/cli/main.js': compiled }, asNode20);
  const output = 'foretide: this is Node 20.19.5; Node 22.18 or newer is needed\n';
  expect(outcome).toEqual({ code: 1, signal: null, output });
});

it('goes on with the package’s own Node where the one it was started with is too old', async () => {
  const own = '#!/bin/sh\necho "own node: $2 $3"\nexit 5\n';
  const outcome = await launch({ 'dist/cli/main.js': compiled, [bundledNode]: own }, asNode20);
  expect(outcome).toEqual({ code: 5, signal: null, output: 'own node: status --json\n' });
});

it('hands on a signal to the package’s own Node and ends by it', async () => {
  const own = '#!/bin/sh\necho ready\nexec sleep 10\n';
  const outcome = await launch(
    { 'dist/cli/main.js': compiled, [bundledNode]: own },
    asNode20,
    (pid) => process.kill(pid, 'SIGTERM'),
  );
  expect(outcome).toEqual({ code: null, signal: 'SIGTERM', output: 'ready\n' });
});
