// A configuration as the program uses it: checked, complete, in milliseconds and ratios. How it is
// written in a file is in `file-schema.ts`.

import type { Expression } from '../core/expression.ts';
import type { Group } from '../core/group.ts';
import type { WrittenSettings } from './file-schema.ts';
import type { HostPort } from './host-port.ts';
import type { CalendarConfig } from './read-calendar.ts';

export interface Config {
  readonly broker: BrokerConfig;
  readonly api: ApiConfig;
  readonly store: StoreConfig;
  readonly publish: PublishConfig;
  readonly loadTopics: readonly LoadTopic[];
  /** Names and Auto Scaling groups are different. In the order of the file. */
  readonly groups: readonly GroupConfig[];
  /** Null: there are no groups but those. */
  readonly discover: DiscoverConfig | null;
}

/** Groups that are found by their tags. */
export interface DiscoverConfig {
  /** At least one; where two find the same group, the first counts. */
  readonly searches: readonly GroupSearch[];
  /** As the file has them. */
  readonly defaults: WrittenSettings;
}

export interface GroupSearch {
  /** All of these; the value * is any. At least one. */
  readonly tags: Readonly<Record<string, string>>;
  /** Null takes what the environment says. */
  readonly region: string | null;
  readonly roleArn: string | null;
}

export type BrokerConfig =
  | {
      readonly kind: 'embedded';
      readonly listen: HostPort;
      readonly tls: ServerTls | null;
      /** Path of the file with who may log in. Never null off loopback. */
      readonly credentials: string | null;
    }
  | {
      readonly kind: 'outside';
      /** `mqtt://host:port` or `mqtts://host:port`, without a user or password. */
      readonly url: string;
      readonly tls: ClientTls | null;
      readonly username: string | null;
      readonly passwordFile: string | null;
    };

/** Paths of PEM files. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  /** Given: clients need a certificate of this authority. */
  readonly ca: string | null;
}

/** Paths of PEM files. */
export interface ClientTls {
  readonly ca: string | null;
  readonly identity: { readonly cert: string; readonly key: string } | null;
}

export interface ApiConfig {
  readonly listen: HostPort;
  /** Paths of PEM files. Never null off loopback. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** Names are different. Never empty off loopback. */
  readonly tokens: readonly ApiToken[];
}

export interface ApiToken {
  readonly name: string;
  readonly role: 'viewer' | 'operator';
  /** `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
}

export interface StoreConfig {
  readonly path: string;
  readonly onCorrupt: 'refuse' | 'set-aside';
}

/** Null: nothing of that kind is published. */
export interface PublishConfig {
  readonly region: string | null;
  readonly roleArn: string | null;
  readonly cloudWatch: {
    readonly namespace: string;
    readonly everyMs: number;
    readonly metricsMax: number;
  } | null;
  readonly eventBridge: { readonly bus: string } | null;
}

export interface LoadTopic {
  readonly topic: string;
  /** The name of one of the groups. */
  readonly group: string;
}

export interface GroupConfig {
  readonly group: Group;
  readonly target: GroupTarget;
  /** Whether AWS is asked to refuse changes during the Auto Scaling group's own cooldown. */
  readonly honorCooldown: boolean;
  /** An instance not heard from for this long is silent. */
  readonly staleAfterMs: number;
  /** Dollars; null takes the price of the instances' types, as far as it is known. */
  readonly pricePerInstanceHour: number | null;
  /** Signals of the group that are measured elsewhere than on its instances. Different names. */
  readonly sources: readonly SourceConfig[];
  /** All the work that is offered, as the file says it; null where it says nothing. */
  readonly demand: DemandConfig | null;
  /** What the demand is made of that forecasts are of. */
  readonly forecast: ForecastConfig;
  /** What its schedule policies and freezes come to at a time is told by `readCalendar`. */
  readonly calendar: CalendarConfig;
}

export interface DemandConfig {
  readonly text: string;
  /** Its signals are totals of the group. */
  readonly expression: Expression;
}

export interface ForecastConfig {
  /** A source, or a signal of the instances. */
  readonly signal: string;
  /** A total of the group; else the mean of its instances. */
  readonly isTotal: boolean;
  readonly everyMs: number;
}

/** Which Auto Scaling group, and as whom it is reached. Null takes what the environment says. */
export interface GroupTarget {
  readonly autoScalingGroup: string;
  readonly region: string | null;
  readonly roleArn: string | null;
}

export interface SourceConfig {
  /** The name of the signal; no signal of the agents has it. */
  readonly name: string;
  readonly everyMs: number;
  readonly staleAfterMs: number;
  /** A total of the group, or the mean of one instance. */
  readonly measures: 'group' | 'instance';
  /** > 0. */
  readonly scale: number;
  /** Whether an answer without a number is a 0. */
  readonly isNothingZero: boolean;
  readonly origin: SourceOrigin;
}

export type SourceOrigin =
  | (AwsOrigin & {
      readonly type: 'sqs';
      readonly account: string | null;
      /** At least one: names or URLs. */
      readonly queues: readonly { readonly queue: string; readonly weight: number }[];
      readonly count: 'visible' | 'in-flight' | 'delayed' | 'unfinished' | 'all';
    })
  | (AwsOrigin & {
      readonly type: 'cloudwatch';
      readonly metrics: readonly CloudWatchMetric[];
      /** Metric math; null for a single metric. */
      readonly expression: string | null;
    })
  | (HttpAccess & { readonly type: 'prometheus'; readonly query: string })
  | (HttpAccess & { readonly type: 'http'; readonly pointer: string });

/** Null takes those of the group. */
interface AwsOrigin {
  readonly region: string | null;
  readonly roleArn: string | null;
}

interface CloudWatchMetric {
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodMs: number;
}

export interface HttpAccess {
  readonly url: string;
  readonly token: TokenReference | null;
  readonly timeoutMs: number;
}

/** Where a secret is. */
export type TokenReference =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'variable'; readonly name: string };
