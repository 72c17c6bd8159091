// Bundles the agent into one file that runs on any Node.js from 18 on, with nothing beside it.
// The same source gives the same bytes; their sha256 is printed and written beside the file.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const fileName = 'foretide-agent.cjs';

export interface BuiltAgent {
  readonly path: string;
  readonly sha256: string;
  readonly byteCount: number;
}

/** Writes the bundle and its checksum into the folder. Throws if a package got into it. */
export async function buildAgent(folder: string): Promise<BuiltAgent> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/agent/main.ts'],
    outfile: fileName,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    // CommonJS starts two megabytes smaller than an ES module does.
    format: 'cjs',
    target: 'node20',
    legalComments: 'none',
  });
  for (const input of Object.keys(metafile.inputs)) {
    if (!/^src\/(agent|wire)\//.test(input)) throw new Error(`the agent may not bundle ${input}`);
  }
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild wrote nothing');
  const path = join(folder, fileName);
  const sha256 = createHash('sha256').update(file.contents).digest('hex');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, file.contents, { mode: 0o755 });
  // The form that `sha256sum --check` reads.
  writeFileSync(`${path}.sha256`, `${sha256}  ${fileName}\n`);
  return { path, sha256, byteCount: file.contents.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { path, sha256, byteCount } = await buildAgent(join(root, 'dist'));
  console.log(`${sha256}  ${relative(process.cwd(), path)}  ${byteCount} bytes`);
}
