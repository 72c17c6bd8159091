// Who did what, and what came of it.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { AuditAnswer, AuditEntry } from '../contract.ts';
import type { Page } from '../page.ts';
import { linkToGroup } from '../route.ts';
import { sayTime, sayTimesIn, sayUtc } from '../say.ts';
import { Loaded, type Loading } from './loaded.tsx';

const entriesShown = 200;

export function RecordView({ page }: { readonly page: Page }): JSX.Element {
  const found = useSignal<Loading<AuditAnswer>>({ kind: 'loading' });
  const load = async (): Promise<void> => {
    found.value = await page.ask<AuditAnswer>(`/v1/audit?limit=${entriesShown}`);
  };
  const session = page.session.value;
  useEffect(() => void load(), [session]);
  return (
    <section>
      <div class="head">
        <h1>Record</h1>
        <p class="quiet">Every change that a person made or was refused, newest first.</p>
      </div>
      <Loaded from={found.value} again={() => void load()}>
        {({ entries }) =>
          entries.length === 0 ? (
            <p class="empty">Nobody has changed anything yet.</p>
          ) : (
            <Entries entries={entries} />
          )
        }
      </Loaded>
    </section>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }): JSX.Element {
  return (
    <div class="scroll card" tabIndex={0} role="region" aria-label="Record of changes">
      <table role="table" class="record">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              When
            </th>
            <th role="columnheader" scope="col">
              Who
            </th>
            <th role="columnheader" scope="col">
              Group
            </th>
            <th role="columnheader" scope="col">
              What
            </th>
            <th role="columnheader" scope="col">
              Outcome
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {entries.map((entry, index) => (
            <tr role="row" key={`${entry.at}-${index}`}>
              <td role="cell" class="when" title={sayUtc(entry.at)}>
                {sayTime(entry.at, Date.now())}
              </td>
              <td role="cell">
                {entry.who ?? 'nobody'} <span class="quiet">{entry.via}</span>
              </td>
              <td role="cell">
                {entry.group !== undefined && <a href={linkToGroup(entry.group)}>{entry.group}</a>}
              </td>
              <td role="cell" class="wide">
                {sayTimesIn(entry.what ?? entry.action)}
              </td>
              <td role="cell" class="outcome">
                {entry.outcome === 'done' ? '✓ done' : `✕ refused: ${entry.because ?? ''}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
