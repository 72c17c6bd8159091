import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';

import { runForetide } from '../testing/run-foretide.ts';

const folder = tmpdir();
/** Days are forecast block by block, on a machine that may be busy. */
const limitMs = 120_000;

describe('foretide backtest-forecast', { timeout: 2 * limitMs }, () => {
  it('beats yesterday on a day of waves, at every horizon', async () => {
    const line =
      'backtest-forecast --generator diurnal --duration 40h --noise poisson --json --quick';
    const { exitCode, stdout, stderr } = await runForetide(line.split(' '), folder, limitMs);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const report = JSON.parse(stdout) as {
      horizons: { horizonSeconds: number; scores: { name: string; pinball: number }[] }[];
    };
    expect(report.horizons.map(({ horizonSeconds }) => horizonSeconds)).toEqual([
      300, 600, 1800, 3600, 7200,
    ]);
    for (const { scores } of report.horizons) {
      const lossOf = (wanted: string): number =>
        scores.find(({ name }) => name === wanted)?.pinball ?? Number.NaN;
      expect(lossOf('ensemble')).toBeLessThan(lossOf('bare naive 24h'));
    }
  });

  it('fits ARIMA to the days before, where it is not to be quick', async () => {
    const line = 'backtest-forecast --generator diurnal --duration 30h --noise poisson';
    const full = await runForetide(line.split(' '), folder, limitMs);
    expect(full).toMatchObject({ exitCode: 0, stderr: '' });
    expect(full.stdout).toMatch(/^ *arima +\d/m);
    expect(full.stdout).toMatch(/^ *ensemble without fitted +\d/m);
    const quick = await runForetide([...line.split(' '), '--quick'], folder, limitMs);
    expect(quick.stdout).not.toMatch(/arima|lstm|without/);
    expect(quick.stdout).toMatch(/^ *theta +\d/m);
  });

  it('says in one line that a load is too short to score', async () => {
    const line = 'backtest-forecast --generator steady --duration 10h';
    const { exitCode, stdout, stderr } = await runForetide(line.split(' '), folder, limitMs);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('too short to score');
  });
});
