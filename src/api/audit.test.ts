import { truncateSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAudit, type Audit } from './audit.ts';
import { makeFolder } from './testing/exchange.ts';

it('loses the entry that a crash cut, and none after it', () => {
  const folder = makeFolder();
  const path = join(folder.path, 'audit.jsonl');
  const open = (): Audit => createAudit({ now: () => 1, log: { write: () => undefined }, path });
  const note = (audit: Audit, action: string): void => {
    audit.note({ who: 'ann', via: 'socket', from: null, action, outcome: 'done' });
  };
  const actions = (): readonly string[] =>
    open()
      .list(10)
      .map(({ action }) => action);
  const before = open();
  note(before, 'set');
  note(before, 'hold');
  truncateSync(path, readFileSync(path).length - 9);
  const after = open();
  note(after, 'pause');
  note(after, 'resume');
  expect(actions()).toEqual(['resume', 'pause', 'set']);
  folder.remove();
});
