#!/usr/bin/env node
// Starts Foretide on a Node that can run it: this one, or the one that came with the package. Plain
// JavaScript in the words of an old Node, so that it can say what is wrong there.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const oldestMajor = 22;
const oldestMinor = 18;

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const bundledNode = join(packageFolder, 'node_modules', 'node', 'bin', 'node');
/** Compiled where the package was published or built, the source where it was cloned. */
const programs = [
  join(packageFolder, 'dist', 'cli', 'main.js'),
  join(packageFolder, 'src', 'cli', 'main.ts'),
];

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function fail(line) {
  process.stderr.write(`foretide: ${line}\n`);
  process.exit(1);
}

/** Runs this file again on the Node beside it, and ends as that ends. */
function runOnBundledNode() {
  const child = spawn(bundledNode, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal interrupts both; a second interrupt would be taken for impatience.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.once('error', (error) => fail(`${bundledNode} does not start: ${error.message}`));
  child.once('exit', (code, signal) => {
    process.exitCode = code === null ? 1 : code;
    if (signal === null) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const program = programs.find((path) => existsSync(path));

if (!isNewEnough(process.versions.node) && existsSync(bundledNode)) {
  runOnBundledNode();
} else if (!isNewEnough(process.versions.node)) {
  fail(
    `this is Node ${process.versions.node}; Node ${oldestMajor}.${oldestMinor} or newer is needed`,
  );
} else if (program === undefined) {
  fail(`there is neither ${programs.join(' nor ')}: run \`npm run build\``);
} else {
  await import(pathToFileURL(program).href);
}
