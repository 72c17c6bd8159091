import { describe, expect, it } from 'vitest';
import { applyFleet, countFleet, sortByTrouble, type Fleet } from './fleet-rows.ts';

const columns = [
  'name',
  'desired',
  'inService',
  'pending',
  'min',
  'max',
  'mode',
  'health',
  'demand',
  'capacity',
  'says',
];

type Health = 'ok' | 'warning' | 'failing';

function row(name: string, health: Health, demand: number | null = 3): (string | number | null)[] {
  return [name, 4, 4, 0, 1, 9, 'active', health, demand, 4, `hold at 4`];
}

function fleetOf(...rows: (string | number | null)[][]): Fleet {
  return applyFleet(new Map(), { isWhole: true, rows, gone: [] }, columns);
}

describe('the fleet', () => {
  it('keeps what a row that ends early does not say', () => {
    const fleet = fleetOf(row('web', 'ok'));
    const short = ['web', 7, 4, 3, 1, 9, 'active', 'ok', 6.5, 4];
    const after = applyFleet(fleet, { isWhole: false, rows: [short], gone: [] }, columns);
    expect(after.get('web')).toMatchObject({ desired: 7, demand: 6.5, says: 'hold at 4' });
  });

  it('forgets groups that are gone, and all of them when it is told whole', () => {
    const fleet = fleetOf(row('a', 'ok'), row('b', 'ok'));
    const less = applyFleet(fleet, { isWhole: false, rows: [], gone: ['a'] }, columns);
    expect([...less.keys()]).toEqual(['b']);
    expect(applyFleet(fleet, { isWhole: true, rows: [], gone: [] }, columns).size).toBe(0);
  });

  it('puts what fails first, then what needs a look, then what lacks capacity', () => {
    const fleet = fleetOf(
      row('calm', 'ok'),
      row('short', 'ok', 5),
      row('look', 'warning'),
      row('down', 'failing'),
      row('also-calm', 'ok', null),
    );
    const names = sortByTrouble(fleet).map(({ name }) => name);
    expect(names).toEqual(['down', 'look', 'short', 'also-calm', 'calm']);
  });

  it('is counted', () => {
    const totals = countFleet(fleetOf(row('a', 'failing'), row('b', 'warning'), row('c', 'ok')));
    expect(totals).toEqual({ groups: 3, failing: 1, warning: 1, inService: 12, pending: 0 });
  });
});
