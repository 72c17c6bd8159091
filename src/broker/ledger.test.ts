import { describe, expect, it } from 'vitest';
import { Ledger } from './ledger.ts';

describe('ledger', () => {
  it('counts every refusal and says each reason once a minute, with how many were left unsaid', () => {
    const lines: string[] = [];
    let now = 0;
    const ledger = new Ledger(
      { write: (level, line) => lines.push(`${level} ${line}`) },
      () => now,
    );
    for (let count = 0; count < 5; count += 1) ledger.refuse('bad-login', 'wrong password');
    ledger.refuse('too-many-connections', 'full');
    now = 60_000;
    ledger.refuse('bad-login', 'wrong password');
    expect(lines).toEqual([
      'warn broker: wrong password',
      'error broker: full',
      'warn broker: wrong password (4 more since this was last said)',
    ]);
    expect(ledger.refused['bad-login']).toBe(6);
    expect(ledger.refused['slow-consumer']).toBe(0);
  });
});
