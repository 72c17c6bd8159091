#!/usr/bin/env -S node --jitless --max-old-space-size=16 --max-semi-space-size=1
// The entry of the bundled single file `foretide-agent.cjs`. To run an agent in another process,
// import `runAgent` from `./agent.ts` or `runAgentCommand` from `./agent-command.ts` instead.

import { runAgentCommand } from './agent-command.ts';

void runAgentCommand(process.argv.slice(2), process.env).then((exitCode) => {
  // Not left to itself: a command that ignores every signal would keep the process alive.
  process.exit(exitCode);
});
