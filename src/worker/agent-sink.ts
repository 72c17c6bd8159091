// Reports to the agent on the same instance: `POST /v1/work`.

import type { SinkAnswer, WorkMessage, WorkSink } from './reporter.ts';

const answerLimitMs = 5000;

/** `worker` tells the workers of one instance apart: a process id, say. */
export function createAgentSink(agent: string, worker: string): WorkSink {
  const url = new URL('/v1/work', agent);
  return {
    name: `the agent at ${url.origin}`,
    async send(message: WorkMessage): Promise<SinkAnswer> {
      const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify({ worker, ...message }),
        headers: { 'content-type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(answerLimitMs),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`it answers ${response.status} ${text.trim()}`);
      return readAnswer(text);
    },
    close: () => Promise.resolve(),
  };
}

function readAnswer(text: string): SinkAnswer {
  try {
    const { state, withinMs } = JSON.parse(text) as Record<string, unknown>;
    const isKnown = typeof withinMs === 'number' && withinMs >= 0;
    return { isDraining: state === 'draining', ...(isKnown && { withinMs }) };
  } catch {
    // An agent of an older version answered nothing.
    return { isDraining: false };
  }
}
