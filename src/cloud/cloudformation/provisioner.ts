// The port through which stacks make resources: whoever has the services behind it implements it.

import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import type { JsonRecord } from './json.ts';
import type { StepAction } from './stack.ts';

export interface ResourceRequest {
  readonly type: string;
  readonly logicalId: string;
  readonly properties: JsonRecord;
  readonly stackName: string;
  readonly stackId: string;
  /** Ends the names of resources that the template does not name. */
  readonly suffix: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly now: EpochMs;
}

/** What Ref and Fn::GetAtt give of a resource. */
export interface Provisioned {
  readonly physicalId: string;
  readonly attributes: JsonRecord;
}

export interface MadeResource extends Provisioned {
  readonly type: string;
  readonly properties: JsonRecord;
}

export interface ResourceProvisioner {
  knows(type: string): boolean;
  /** Properties whose change needs a new resource. */
  replacingProperties(type: string): ReadonlySet<string>;
  /** How long the service takes at least, in ms of the model's time. */
  durationMs(type: string, action: StepAction): number;
  create(request: ResourceRequest): Outcome<Provisioned>;
  update(request: ResourceRequest, made: MadeResource): Outcome<Provisioned>;
  /** A resource that is gone already is no failure. */
  remove(made: MadeResource, now: EpochMs): Outcome<null>;
  /** Whether what was begun has come to its end: instances are in service, or gone. */
  hasSettled(made: MadeResource, action: StepAction, now: EpochMs): boolean;
  /**
   * The properties as they are now, as far as they can be read; null if the resource is gone. Tags that
   * the stack gave are none of the template's.
   */
  read(made: MadeResource, stackTags: ReadonlyMap<string, string>): JsonRecord | null;
  /** The value of an SSM parameter, public or stored. */
  findSsmValue(name: string): string | undefined;
}
