// The package as npm would publish it: only what it needs, and it runs where nothing but its production
// dependencies stand beside it.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const buildLimitMs = 240_000;

let folder: string;
let installed: string;
let packed: readonly string[];

/** Builds and packs a copy, so that a `dist` of the checkout is neither used nor replaced. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foretide-pack-'));
  const source = join(folder, 'source');
  for (const part of [
    'src',
    'bin',
    'scripts',
    'package.json',
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
  ]) {
    cpSync(join(root, part), join(source, part), { recursive: true });
  }
  for (const part of ['tsconfig.json', 'tsconfig.build.json', 'vite.config.ts']) {
    cpSync(join(root, part), join(source, part));
  }
  symlinkSync(join(root, 'node_modules'), join(source, 'node_modules'));
  const answer = run('npm', ['pack', '--json', '--pack-destination', folder], source);
  const listed = JSON.parse(answer.slice(answer.indexOf('[\n'))) as readonly {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  packed = (listed[0]?.files ?? []).map(({ path }) => path);
  installed = join(folder, 'app', 'node_modules', 'foretide');
  mkdirSync(installed, { recursive: true });
  const tarball = join(folder, listed[0]?.filename ?? '');
  run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], folder);
  linkProduction(join(folder, 'app', 'node_modules'));
}, buildLimitMs);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, parameters: readonly string[], cwd: string): string {
  return execFileSync(program, parameters, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** Every package that `npm install --omit=dev` would bring, and no other. */
function linkProduction(target: string): void {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<
      Record<string, { readonly dev?: boolean; readonly optional?: boolean }>
    >;
  };
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    const isTopLevel =
      path.startsWith('node_modules/') && !path.slice(13).includes('node_modules/');
    if (dev === true || !isTopLevel || !existsSync(join(root, path))) continue;
    const place = join(target, relative('node_modules', path));
    mkdirSync(dirname(place), { recursive: true });
    copyFast(realpathSync(join(root, path)), place);
  }
}

/**
 * A symbolic link would let a package find development packages beside the original; hard links to its
 * files do not, and cost nothing. Across file systems there are none.
 */
function copyFast(from: string, to: string): void {
  try {
    run('cp', ['-al', from, to], root);
  } catch {
    cpSync(from, to, { recursive: true });
  }
}

function foretide(...parameters: readonly string[]): string {
  return run(process.execPath, [join(installed, 'bin/foretide.mjs'), ...parameters], folder);
}

describe('the package', () => {
  it('has programs, types of the worker and nothing of the workshop', () => {
    const kinds = new Set(packed.map((path) => path.split('/')[0]));
    expect([...kinds].toSorted()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'package.json'].toSorted(),
    );
    expect(
      packed.filter((path) => /\.test\.|\/testing\/|(?<!\.d)\.ts$|\.map$/u.test(path)),
    ).toEqual([]);
    const types = packed.filter((path) => path.endsWith('.d.ts'));
    expect(types).toContain('dist/worker/index.d.ts');
    expect(types.filter((path) => !/^dist\/(?:worker|wire)\//u.test(path))).toEqual([]);
  });

  it('has nothing that publint would complain of', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, level: 'warning', pack: false });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('runs with its production dependencies alone', () => {
    expect(foretide('version')).toMatch(/^\d+\.\d+\.\d+$/mu);
    const config = join(folder, 'foretide.yaml');
    writeFileSync(config, 'groups: [{name: web, max: 5}]\n');
    expect(foretide('check', '--offline', config)).toContain('good, 1 group');
    const load = ['--generator', 'square', '--duration', '2d', '--json'];
    const result: unknown = JSON.parse(foretide('simulate', '--config', config, ...load));
    expect(result).toHaveProperty('violationShare');
  });

  it('is imported by workers, with their types', () => {
    const program =
      "import { startWorker } from 'foretide/worker'; console.log(typeof startWorker);";
    const path = join(folder, 'app', 'worker.mjs');
    writeFileSync(path, program);
    expect(run(process.execPath, [path], folder).trim()).toBe('function');
  });

  it('brings the agent as one file with its checksum, the same in every build', () => {
    const bundle = readFileSync(join(installed, 'dist/foretide-agent.cjs'));
    const sha256 = createHash('sha256').update(bundle).digest('hex');
    const told = readFileSync(join(installed, 'dist/foretide-agent.cjs.sha256'), 'utf8');
    expect(told).toBe(`${sha256}  foretide-agent.cjs\n`);
    const again = join(folder, 'again');
    const build = `import { buildAgent } from ${JSON.stringify(join(root, 'scripts/build-agent.ts'))};
      console.log((await buildAgent(${JSON.stringify(again)})).sha256);`;
    const printed = run(process.execPath, ['--input-type=module', '--eval', build], root);
    expect(printed.trim()).toBe(sha256);
    const agent = join(installed, 'dist/foretide-agent.cjs');
    expect(run(process.execPath, [agent, '--version'], folder)).toMatch(/^\d+\.\d+/u);
  });

  it('can list what it is made of', () => {
    const text = run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], root);
    const { components } = JSON.parse(text) as {
      readonly components: readonly { readonly name: string }[];
    };
    const names = components.map(({ name }) => name);
    expect(names).toContain('aedes');
    expect(names).not.toContain('vitest');
  });
});
