import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('test.ts', import.meta.url));
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

interface Run {
  readonly exitCode: number;
  readonly output: string;
  readonly lastLine: string;
  readonly tally: unknown;
}

/** `npm test` over a folder of its own that has these files. */
async function runTests(
  files: Readonly<Record<string, string>>,
  { isCi }: { readonly isCi?: boolean } = {},
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(modules, join(folder, 'node_modules'), 'dir');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const results = join(folder, 'results');
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [script, '--root', folder],
      { env: { ...process.env, FORETIDE_TEST_RESULTS: results, CI: String(isCi ?? false) } },
      (_error, stdout) => {
        const tally: unknown = JSON.parse(readFileSync(join(results, 'tests.json'), 'utf8'));
        const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
        resolve({ exitCode: child.exitCode ?? -1, output: stdout, lastLine, tally });
      },
    );
  });
}

const config = 'export default {};\n';

it('counts passing, failing and unloadable files and fails', async () => {
  const run = await runTests({
    'vitest.config.mjs': config,
    'a.test.js':
      "import { expect, it } from 'vitest';\n" +
      "it('passes', () => expect(1).toBe(1));\n" +
      "it('fails', () => expect(1).toBe(2));\n",
    'b.test.js': "import './missing.js';\n",
  });
  expect(run).toMatchObject({
    exitCode: 1,
    lastLine: '1 passed, 2 failed',
    tally: { passed: 1, failed: 2 },
  });
});

it('fails where there is no test to run', async () => {
  const run = await runTests({ 'vitest.config.mjs': config });
  expect(run).toMatchObject({ exitCode: 1, lastLine: '0 passed, 1 failed' });
});

it('fails where vitest itself breaks', async () => {
  const run = await runTests({ 'vitest.config.mjs': "throw new Error('no configuration');\n" });
  expect(run).toMatchObject({ exitCode: 1, lastLine: '0 passed, 1 failed' });
});

it('succeeds where every test does', async () => {
  const run = await runTests({
    'vitest.config.mjs': config,
    'a.test.js': "import { expect, it } from 'vitest';\nit('passes', () => expect(1).toBe(1));\n",
  });
  expect(run).toMatchObject({ exitCode: 0, lastLine: '1 passed, 0 failed' });
});

/** Fails in its setup the first time that it runs, as where a port was taken for a moment. */
const failsOnce =
  "import { existsSync, writeFileSync } from 'node:fs';\n" +
  "import { beforeAll, expect, it } from 'vitest';\n" +
  "const mark = new URL('mark', import.meta.url);\n" +
  'beforeAll(() => {\n' +
  '  if (existsSync(mark)) return;\n' +
  "  writeFileSync(mark, '');\n" +
  "  throw new Error('not this time');\n" +
  '});\n' +
  "it('passes', () => expect(1).toBe(1));\n";
const passes = "import { expect, it } from 'vitest';\nit('passes', () => expect(1).toBe(1));\n";
const fails = "import { expect, it } from 'vitest';\nit('fails', () => expect(1).toBe(2));\n";

it('runs what failed again on CI, and says so', async () => {
  const files = { 'vitest.config.mjs': config, 'a.test.js': failsOnce, 'b.test.js': passes };
  const run = await runTests(files, { isCi: true });
  expect(run).toMatchObject({ exitCode: 0, lastLine: '2 passed, 0 failed' });
  expect(run.output).toContain('a.test.js: failed at first and passed when it ran again');
});

it('lets a failure stand where nobody is CI', async () => {
  const files = { 'vitest.config.mjs': config, 'a.test.js': failsOnce, 'b.test.js': passes };
  expect(await runTests(files)).toMatchObject({ exitCode: 1, tally: { passed: 1, failed: 1 } });
});

it('fails on CI what fails every time', async () => {
  const files = { 'vitest.config.mjs': config, 'a.test.js': failsOnce, 'b.test.js': fails };
  const run = await runTests(files, { isCi: true });
  expect(run).toMatchObject({ exitCode: 1, lastLine: '1 passed, 1 failed' });
});
