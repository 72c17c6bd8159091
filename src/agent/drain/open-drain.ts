// The drain of this instance with AWS behind it: what it asks, in whose name it calls. Loaded only by
// agents that are to drain.

import { findAccess, type Access } from '../aws/find-credentials.ts';
import type { Environment } from '../arguments.ts';
import type { InstanceIdentity, MetadataService } from '../identity.ts';
import { fetchToken, fetchValue } from '../instance-metadata.ts';
import { askEnd } from './ask-end.ts';
import { Drain, type DrainPorts } from './drain.ts';
import {
  callLifecycle,
  type HookedInstance,
  type LifecycleCall,
  type LifecycleOutcome,
} from './lifecycle-action.ts';

export interface DrainOptions {
  /** At most so long from the notice to the release. */
  readonly withinMs: number;
  /** The termination hook to complete; null: none holds the instance. */
  readonly hookName: string | null;
  readonly metadata: MetadataService;
  readonly environment: Environment;
}

const groupPath = 'tags/instance/aws:autoscaling:groupName';
/** Credentials of a role are renewed so long before they end. */
const renewBeforeMs = 300_000;

export function openDrain(
  { environment, hookName, metadata, withinMs }: DrainOptions,
  identity: InstanceIdentity,
  ports: Pick<DrainPorts, 'changed' | 'clock' | 'connections' | 'log' | 'troubles'>,
): Drain {
  const { endpoint, isDisabled: isMetadataDisabled } = metadata;
  const ownEndpoint =
    environment['AWS_ENDPOINT_URL_AUTO_SCALING'] ?? environment['AWS_ENDPOINT_URL'] ?? null;
  let access: Access | null = null;
  let hooked: HookedInstance | null = null;

  const call = async (action: LifecycleCall): Promise<LifecycleOutcome> => {
    const now = ports.clock.epochMs();
    if (access === null || (access.endsAt !== null && now > access.endsAt - renewBeforeMs)) {
      const found = await findAccess({
        publishing: { region: null, credentials: null },
        environment,
        endpoint,
        isMetadataDisabled,
        action: `autoscaling:${action}`,
      });
      if (!found.ok) return { kind: 'failed', message: found.message };
      ({ access } = found);
    }
    hooked ??= {
      autoScalingGroup: (await askGroup(endpoint)) ?? identity.group,
      hookName: hookName ?? '',
      instance: identity.instance,
    };
    const outcome = await callLifecycle(action, hooked, { access, endpoint: ownEndpoint, now });
    // Keys that were refused are looked for anew.
    if (outcome.kind === 'failed') access = null;
    return outcome;
  };

  return new Drain(withinMs, {
    ...ports,
    ask: () => askEnd(endpoint),
    hold: hookName === null ? null : () => call('RecordLifecycleActionHeartbeat'),
    release: hookName === null ? null : () => call('CompleteLifecycleAction'),
  });
}

/** Foretide may call the group by another name. Null where tags are not in the metadata. */
async function askGroup(endpoint: string): Promise<string | null> {
  const token = await fetchToken(endpoint);
  return await fetchValue(endpoint, token, groupPath);
}
