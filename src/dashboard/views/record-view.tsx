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
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Group</th>
            <th scope="col">What</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, index) => (
            <tr key={`${entry.at}-${index}`}>
              <td class="when" title={sayUtc(entry.at)}>
                {sayTime(entry.at, Date.now())}
              </td>
              <td>
                {entry.who ?? 'nobody'} <span class="quiet">{entry.via}</span>
              </td>
              <td>
                {entry.group !== undefined && <a href={linkToGroup(entry.group)}>{entry.group}</a>}
              </td>
              <td class="wide">{sayTimesIn(entry.what ?? entry.action)}</td>
              <td>{entry.outcome === 'done' ? '✓ done' : `✕ refused: ${entry.because ?? ''}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
