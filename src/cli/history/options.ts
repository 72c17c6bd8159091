// What `foretide history import` can be told. Apart, so that the command line loads nothing else.

/** The first is the default. */
export const historyKinds = ['csv', 'cloudwatch', 'prometheus', 'datapoints'] as const;
export type HistoryKind = (typeof historyKinds)[number];

export interface HistoryImportOptions {
  readonly group: string;
  readonly from: HistoryKind;
  readonly config: string;
  readonly socket?: string;
  readonly series?: string;
  readonly scale: number;
  readonly instances?: number;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
