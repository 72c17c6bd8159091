// What the instance metadata says of this instance's near end: Spot's two minutes, Auto Scaling's wish
// (EC2 user guide, "Spot Instance interruption notices"; EC2 Auto Scaling user guide, "Retrieve the
// target lifecycle state through instance metadata"). Version 2 of the service only.

export const metadataEndpointDefault = 'http://169.254.169.254';
/** "We recommend that you poll every 5 seconds": EC2 user guide. */
const pollMs = 5000;
const answerLimitMs = 2000;
const tokenSeconds = 300;

export interface TerminationNotice {
  readonly why: string;
  /** When the machine goes, milliseconds since 1970; null where nobody says. */
  readonly at: number | null;
}

export interface TerminationWatch {
  close(): void;
}

/**
 * Calls back with the first notice, and once more with one that says when the machine goes, if that was
 * not the first. A service that cannot be asked gives none.
 */
export function watchTermination(
  endpoint: string,
  onNotice: (notice: TerminationNotice) => void,
): TerminationWatch {
  let isOver = false;
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;
  const poll = async (): Promise<void> => {
    const notice = await findNotice(endpoint);
    if (isOver) return;
    if (notice !== null && (!isTold || notice.at !== null)) onNotice(notice);
    isTold ||= notice !== null;
    isOver = notice !== null && notice.at !== null;
    if (isOver) return;
    timer = setTimeout(() => void poll(), pollMs);
    timer.unref();
  };
  void poll();
  return {
    close() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** The text at a path below `/latest/`; null where there is none. */
export async function readMetadata(endpoint: string, path: string): Promise<string | null> {
  try {
    const token = await ask(`${endpoint}/latest/api/token`, {
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': String(tokenSeconds) },
    });
    if (token === null) return null;
    const headers = { 'x-aws-ec2-metadata-token': token };
    return await ask(`${endpoint}/latest/${path}`, { headers });
  } catch {
    // No service, or none that answers in time: as good as no notice.
    return null;
  }
}

async function ask(url: string, init: RequestInit): Promise<string | null> {
  const signal = AbortSignal.timeout(answerLimitMs);
  const response = await fetch(url, { ...init, redirect: 'error', signal });
  const text = await response.text();
  return response.ok ? text : null;
}

async function findNotice(endpoint: string): Promise<TerminationNotice | null> {
  const action = await readMetadata(endpoint, 'meta-data/spot/instance-action');
  if (action !== null) return { why: 'Spot wants the instance back', at: readTime(action) };
  const target = await readMetadata(endpoint, 'meta-data/autoscaling/target-lifecycle-state');
  if (target?.trim() !== 'Terminated') return null;
  return { why: 'Auto Scaling is terminating the instance', at: null };
}

function readTime(text: string): number | null {
  try {
    const { time } = JSON.parse(text) as { readonly time?: unknown };
    const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    return Number.isFinite(at) ? at : null;
  } catch {
    return null;
  }
}
