// SIGHUP, as other daemons take it: read the config again. On a terminal it stays what it is there,
// the end of the session.

/** Calls at each SIGHUP; returns what ends that. */
export function onHangUp(act: () => void): () => void {
  if (process.stdin.isTTY || process.stderr.isTTY) return () => {};
  process.on('SIGHUP', act);
  return () => void process.removeListener('SIGHUP', act);
}
