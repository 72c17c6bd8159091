// Every group in one list, trouble first. Only the rows in sight are in the document, so that five
// hundred groups cost as much as twenty.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { FleetRow } from '../contract.ts';
import { countFleet, isShort, sortByTrouble, type Fleet } from '../fleet-rows.ts';
import type { Page } from '../page.ts';
import { linkToGroup } from '../route.ts';
import { sayCount, sayNumber } from '../say.ts';
import { usePast } from './fleet-past.ts';
import { HealthMark } from './health-mark.tsx';
import { Sparkline } from './sparkline.tsx';

export function FleetView({ page }: { readonly page: Page }): JSX.Element {
  const fleet = page.live.fleet.value;
  const filter = useSignal('');
  if (fleet === null) {
    const isLost = page.live.connection.value.kind === 'lost';
    return (
      <section class="fleet">
        <h1>Fleet</h1>
        {isLost ? (
          <p class="card trouble">Nothing can be shown until the controller answers.</p>
        ) : (
          <div class="skeleton" role="status">
            <span class="unseen">Loading the groups</span>
          </div>
        )}
      </section>
    );
  }
  const wanted = filter.value.trim().toLowerCase();
  const rows = sortByTrouble(fleet).filter(
    ({ mode, name }) => name.toLowerCase().includes(wanted) || mode === wanted,
  );
  return (
    <section class="fleet">
      <div class="head">
        <h1>Fleet</h1>
        <Totals fleet={fleet} />
        {fleet.size > 1 && (
          <label class="filter">
            <span class="unseen">Filter the groups by name or mode</span>
            <input
              type="search"
              placeholder="Filter by name or mode"
              value={filter.value}
              onInput={(event) => {
                filter.value = event.currentTarget.value;
              }}
            />
          </label>
        )}
      </div>
      {rows.length === 0 ? (
        <NoRows isFiltered={fleet.size > 0} filter={filter.value} />
      ) : (
        <FleetList page={page} rows={rows} />
      )}
    </section>
  );
}

function NoRows({ filter, isFiltered }: { readonly filter: string; isFiltered: boolean }) {
  return isFiltered ? (
    <p class="empty">No group is named or set like “{filter}”.</p>
  ) : (
    <div class="empty">
      <h2>No groups yet</h2>
      <p>
        The config names none. <code>foretide init --group NAME</code> writes one from an Auto
        Scaling group as it is today.
      </p>
    </div>
  );
}

function Totals({ fleet }: { readonly fleet: Fleet }): JSX.Element {
  const { failing, groups, inService, pending, warning } = countFleet(fleet);
  return (
    <ul class="totals" aria-label="Totals">
      <li>{sayCount(groups, 'group')}</li>
      {failing > 0 && <li class="is-failing">■ {failing} failing</li>}
      {warning > 0 && <li class="is-warning">▲ {warning} to look at</li>}
      {failing + warning === 0 && <li class="is-ok">● all well</li>}
      <li>{sayNumber(inService)} in service</li>
      {pending > 0 && <li>{sayNumber(pending)} pending</li>}
    </ul>
  );
}

const rowHeights = { wide: 60, narrow: 132 } as const;
const rowsBeyond = 4;

function FleetList({ page, rows }: { readonly page: Page; rows: readonly FleetRow[] }) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(800);
  const isNarrow = useSignal(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => {
      height.value = element.clientHeight;
      isNarrow.value = matchMedia('(max-width: 760px)').matches;
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [height, isNarrow]);
  const rowHeight = isNarrow.value ? rowHeights.narrow : rowHeights.wide;
  const first = Math.max(0, Math.floor(top.value / rowHeight) - rowsBeyond);
  const last = Math.ceil((top.value + height.value) / rowHeight) + rowsBeyond;
  const shown = rows.slice(first, last);
  const names = useMemo(() => shown.map(({ name }) => name).toSorted(), [shown]);
  usePast(page, names);
  return (
    <div class="fleet-table card" role="table" aria-label="Groups" aria-rowcount={rows.length + 1}>
      <div role="rowgroup" class="fleet-head">
        <div role="row" aria-rowindex={1}>
          {heads.map((head) => (
            <span role="columnheader" key={head}>
              {head}
            </span>
          ))}
        </div>
      </div>
      <div
        ref={box}
        class="fleet-body"
        role="rowgroup"
        tabIndex={0}
        aria-label="Groups, trouble first"
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
      >
        <div class="fleet-sizer" style={{ height: `${rows.length * rowHeight}px` }}>
          {shown.map((row, index) => (
            <Row
              key={row.name}
              page={page}
              row={row}
              index={first + index}
              offset={(first + index) * rowHeight}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const heads = ['Group', 'Health', 'Demand of capacity', 'Desired', 'In service', 'Now'];

interface RowProps {
  readonly page: Page;
  readonly row: FleetRow;
  readonly index: number;
  readonly offset: number;
}

function Row({ index, offset, page, row }: RowProps): JSX.Element {
  const { demand, desired, health, inService, max, min, mode, name, pending, says } = row;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      class={`fleet-row is-${health}`}
      style={{ transform: `translateY(${offset}px)` }}
    >
      <span role="cell" class="fleet-name">
        <a href={linkToGroup(name)}>{name}</a>
        <span class={`mode is-${mode}`}>{mode}</span>
      </span>
      <span role="cell">
        <HealthMark health={health} />
      </span>
      <span role="cell" class="fleet-spark">
        <Sparkline page={page} spark={page.live.history.of(name)} stamp={row} />
        <span class={isShort(row) ? 'is-short' : 'quiet'}>
          {sayNumber(demand)} / {sayNumber(row.capacity)}
        </span>
      </span>
      <span role="cell" class="fleet-number">
        <b>{sayNumber(desired)}</b>{' '}
        <span class="quiet">
          {min}–{max}
        </span>
      </span>
      <span role="cell" class="fleet-number">
        <b>{sayNumber(inService)}</b> {pending > 0 && <span class="pending">+{pending}</span>}
      </span>
      <span role="cell" class="says" title={says}>
        {says}
      </span>
    </div>
  );
}
