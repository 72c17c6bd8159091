import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('install-packages.sh', import.meta.url));

interface Run {
  readonly exitCode: number;
  /** What apt-get was asked, call by call, each with the answer of the hook while it ran. */
  readonly calls: readonly string[];
  readonly isPolicyThere: boolean;
}

/** Runs the script beside an apt-get that writes down its calls, then does `body`. */
async function runScript(body: string, existingPolicy?: string): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-apt-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const policy = join(folder, 'policy-rc.d');
  if (existingPolicy !== undefined) addProgram(policy, existingPolicy);
  addProgram(
    join(folder, 'apt-get'),
    `#!/bin/sh\npolicy=0; ${policy} || policy=$?\necho "$policy $*" >>${folder}/calls\n${body}\n`,
  );
  addProgram(join(folder, 'dpkg-query'), '#!/bin/sh\necho "ii  base"\n');
  return new Promise((resolve) => {
    const child = execFile(
      'sh',
      [script, 'mosquitto', 'haproxy'],
      { env: { PATH: `${folder}:/usr/bin:/bin`, FORETIDE_POLICY_FILE: policy } },
      () => {
        const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
        resolve({ exitCode: child.exitCode ?? -1, calls, isPolicyThere: existsSync(policy) });
      },
    );
  });
}

function addProgram(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

const install = 'install --yes --no-install-recommends mosquitto haproxy';

it('forbids services to start while it installs, and only then', async () => {
  const run = await runScript('exit 0');
  expect(run).toEqual({
    exitCode: 0,
    calls: [expect.stringMatching(new RegExp(`^101 .*${install}$`))],
    isPolicyThere: false,
  });
});

it('renews the lists once where a package is not found', async () => {
  const run = await runScript(
    'case "$*" in *update) ;; *) [ "$(wc -l <"${0%/*}/calls")" -eq 3 ] ;; esac',
  );
  expect(run).toMatchObject({
    exitCode: 0,
    calls: [
      expect.stringContaining(install),
      expect.stringMatching(/ update$/),
      expect.stringContaining(install),
    ],
  });
});

it('fails where the packages cannot be had, and cleans up', async () => {
  const run = await runScript('case "$*" in *update) ;; *) exit 100 ;; esac');
  expect(run).toMatchObject({ exitCode: 1, isPolicyThere: false });
  expect(run.calls).toHaveLength(3);
});

it('leaves a policy that is there already as it is', async () => {
  const run = await runScript('exit 0', '#!/bin/sh\nexit 104\n');
  expect(run).toMatchObject({
    calls: [expect.stringMatching(/^104 /)],
    isPolicyThere: true,
  });
});
