// Waits to be told to stop. A second signal ends the process at once, for those in a hurry.

const signals = ['SIGINT', 'SIGTERM'] as const;

export function waitForStopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const stop = (signal: NodeJS.Signals): void => {
    for (const each of signals) process.removeListener(each, stop);
    resolve(signal);
  };
  for (const each of signals) process.on(each, stop);
  return promise;
}

/** The same, or the end of that much real time, whichever comes first. */
export async function nextStop(withinMs: number | null): Promise<void> {
  if (withinMs === null) {
    await waitForStopSignal();
    return;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, withinMs);
  await Promise.race([promise, waitForStopSignal()]);
  clearTimeout(timer);
}
