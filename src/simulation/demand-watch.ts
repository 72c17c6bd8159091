// Feeds a simulated group's demand model with what its agents would report. The model is told load
// and busy share, never what an instance can do nor how long it boots.
import {
  createDemandModel,
  learnBlock,
  noteLaunch,
  noteService,
  takeSample,
} from '../core/demand/demand-model.ts';
import type { DemandSample } from '../core/demand/demand-model.ts';
import type { DemandReading } from '../core/demand/demand-reading.ts';
import type { ForecastFault } from '../core/demand/outlook.ts';
import type { Group } from '../core/group.ts';
import { createBootWatch, watchBoots } from './boot-watch.ts';
import type { Observation as SeenSecond } from './fluid/scaler.ts';
import type { SharedPanels } from './shared-panels.ts';

export interface DemandWatch {
  /** True: there is a new reading, with shared panels after their meeting. */
  see(seen: SeenSecond, sample: SampledCapacity): boolean;
  read(): DemandReading | null;
}

interface SampledCapacity {
  readonly capacityPerInstance: number;
}

/** Null for a group without a demand policy. Of several the first one's promise counts. */
export function watchDemand(
  group: Group,
  { fault, panels }: { readonly fault?: ForecastFault; readonly panels?: SharedPanels } = {},
): DemandWatch | null {
  const policy = group.policies.find((each) => each.type === 'demand');
  if (policy === undefined) return null;
  const model = createDemandModel({ ...policy, ...(fault !== undefined && { fault }) });
  panels?.join(model);
  const boots = createBootWatch();
  const note = (sample: DemandSample): boolean => {
    const block = takeSample(model, sample);
    if (block === null) return false;
    if (panels === undefined) learnBlock(model, block);
    else panels.enter(model, block);
    return true;
  };
  return {
    see(seen, { capacityPerInstance }) {
      const { nowSeconds: now, pending, inService } = seen;
      for (const seconds of watchBoots(boots, { now, pending, inService })) {
        noteLaunch(model, seconds * 1000);
      }
      if (!seen.hasSample || !(seen.meanInstances > 0)) return false;
      const service = policy.latency?.service;
      if (service?.kind === 'fixed') noteService(model, service.serviceMs);
      return note({
        at: seen.sampleEndSeconds * 1000,
        load: seen.load,
        busyRatio: Math.min(1, seen.loadPerInstance / capacityPerInstance),
        instances: seen.meanInstances,
      });
    },
    read: () => model.reading,
  };
}
