// The controller's counts as metric families, under the names that `docs/http.md` documents.

import type { Controller } from './controller.ts';
import type { Durations } from './counters.ts';
import type { ManagedGroup } from './managed-group.ts';
import { summarise } from './summarise.ts';
import type { MetricFamily, MetricSample } from './ports/control.ts';

export function listMetrics(controller: Controller): readonly MetricFamily[] {
  return [...listGroupMetrics(controller), ...listLoopMetrics(controller)];
}

function listLoopMetrics(controller: Controller): readonly MetricFamily[] {
  const { counters: counts, isConnected, isJournalWritable } = controller;
  return [
    counter(
      'foretide_reports_received_total',
      'Reports that arrived, used or not.',
      counts.reportsReceived,
    ),
    counter(
      'foretide_reports_late_total',
      'Reports older than a newer one of the same instance.',
      counts.lateReports,
    ),
    counters(
      'foretide_messages_rejected_total',
      'Messages that were not used, by reason.',
      'reason',
      counts.rejected,
    ),
    counters('foretide_decisions_total', 'Decisions, by kind.', 'kind', counts.decisions),
    counters(
      'foretide_actuations_total',
      'What came of acts, by outcome.',
      'outcome',
      counts.actuations,
    ),
    counter('foretide_ticks_total', 'Ticks of the control loop.', counts.ticks),
    counter(
      'foretide_ticks_early_total',
      'Ticks made early by a report that crossed a bound.',
      counts.earlyTicks,
    ),
    counter(
      'foretide_ticks_skipped_total',
      'Ticks that were due while the loop was late.',
      counts.ticksSkipped,
    ),
    counter(
      'foretide_journal_failures_total',
      'Appends to the journal that failed.',
      counts.journalFailures,
    ),
    summary(
      'foretide_tick_seconds',
      'From draining the inbox to the last decision of a tick.',
      counts.tickMs,
    ),
    summary(
      'foretide_reaction_seconds',
      'From the arrival of a report to the answer of the call it led to.',
      counts.reactionMs,
    ),
    gauge('foretide_broker_connected', '1 while the broker can be reached.', isConnected ? 1 : 0),
    gauge(
      'foretide_journal_writable',
      '1 while the journal can be written.',
      isJournalWritable ? 1 : 0,
    ),
  ];
}

function listGroupMetrics(controller: Controller): readonly MetricFamily[] {
  const groups = [...controller.groups.values()];
  const perGroup = (
    name: string,
    help: string,
    read: (group: ManagedGroup) => number | null,
  ): MetricFamily => ({
    name,
    help,
    type: 'gauge',
    samples: groups.flatMap((group) => {
      const value = read(group);
      return value === null ? [] : [{ labels: { group: group.group.name }, value }];
    }),
  });
  const capacity =
    (read: (counts: ReturnType<typeof summarise>) => number) => (group: ManagedGroup) =>
      group.description === null ? null : read(summarise(group.description));
  return [
    perGroup(
      'foretide_group_desired',
      'Desired capacity.',
      capacity(({ desired }) => desired),
    ),
    perGroup(
      'foretide_group_in_service',
      'Instances in service.',
      capacity(({ inService }) => inService),
    ),
    perGroup(
      'foretide_group_pending',
      'Instances being launched.',
      capacity(({ pending }) => pending),
    ),
    perGroup(
      'foretide_group_terminating',
      'Instances being terminated.',
      capacity(({ terminating }) => terminating),
    ),
    perGroup('foretide_group_min', 'The lower bound of the config.', ({ group }) => group.min),
    perGroup('foretide_group_max', 'The upper bound of the config.', ({ group }) => group.max),
    perGroup(
      'foretide_group_warmed',
      'Instances whose readings count.',
      ({ lastFleet }) => lastFleet?.warmed ?? null,
    ),
    perGroup(
      'foretide_group_silent',
      'Instances in service that have stopped reporting.',
      ({ lastFleet }) => lastFleet?.silent ?? null,
    ),
    perGroup('foretide_group_held', '1 while this controller holds the group.', ({ heldBy }) =>
      heldBy === null ? 1 : 0,
    ),
    {
      name: 'foretide_queue_messages_done_total',
      help: 'Messages that workers were done with, by what became of the promise.',
      type: 'counter',
      samples: groups.flatMap(({ group, queue }) =>
        Object.entries(queue.promise?.total ?? {}).map(([promise, value]) => ({
          labels: { group: group.name, promise },
          value,
        })),
      ),
    },
    {
      name: 'foretide_group_signal',
      help: 'What the group’s selectors read.',
      type: 'gauge',
      samples: groups.flatMap(({ group, lastReadings }) =>
        Object.entries(lastReadings).map(([selector, { value }]) => ({
          labels: { group: group.name, selector },
          value,
        })),
      ),
    },
  ];
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: 'counter', samples: [{ labels: {}, value }] };
}

function gauge(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: 'gauge', samples: [{ labels: {}, value }] };
}

/** A counter for each key, which stands in `label`. */
function counters(
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number>>,
): MetricFamily {
  const samples = Object.entries(values).map(([key, value]) => ({
    labels: { [label]: key },
    value,
  }));
  return { name, help, type: 'counter', samples };
}

function summary(name: string, help: string, durations: Durations): MetricFamily {
  const quantiles: MetricSample[] = [];
  for (const ratio of [0.5, 0.99]) {
    const ms = durations.quantile(ratio);
    if (ms !== null) quantiles.push({ labels: { quantile: String(ratio) }, value: ms / 1000 });
  }
  const totals = [
    { suffix: '_sum', labels: {}, value: durations.sumMs / 1000 },
    { suffix: '_count', labels: {}, value: durations.count },
  ];
  return { name, help, type: 'summary', samples: [...quantiles, ...totals] };
}
