// Bundles the agent into one file that runs on any Node.js from 18 on, with nothing beside it.
// The same source gives the same bytes; their sha256 is printed and written beside the file.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export interface BuiltAgent {
  readonly path: string;
  readonly sha256: string;
  readonly byteCount: number;
}

/** Writes `foretide-agent.cjs` and its checksum into the folder. Throws if a package got in. */
export async function buildAgent(folder: string): Promise<BuiltAgent> {
  const path = join(folder, 'foretide-agent.cjs');
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/agent/main.ts'],
    outfile: path,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    // CommonJS starts 2 MiB smaller than an ES module does.
    format: 'cjs',
    target: 'node18',
    legalComments: 'none',
    external: builtinModules.map((name) => `node:${name}`),
  });
  for (const input of Object.keys(result.metafile.inputs)) {
    if (!/^src\/(agent|wire)\//.test(input)) throw new Error(`the agent may not bundle ${input}`);
  }
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error('esbuild wrote nothing');
  const sha256 = createHash('sha256').update(file.contents).digest('hex');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, file.contents, { mode: 0o755 });
  writeFileSync(`${path}.sha256`, `${sha256}  foretide-agent.cjs\n`);
  return { path, sha256, byteCount: file.contents.length };
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const { path, sha256, byteCount } = await buildAgent(join(root, 'dist'));
  console.log(`${relative(process.cwd(), path)}  ${(byteCount / 1_024).toFixed(1)} KiB`);
  console.log(
    readFileSync(`${path}.sha256`, 'utf8').trimEnd() === `${sha256}  foretide-agent.cjs`
      ? `sha256 ${sha256}`
      : 'checksum differs',
  );
}
