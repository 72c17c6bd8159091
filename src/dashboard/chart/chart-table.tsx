// The chart in words and numbers, for those who do not see it.

import type { JSX } from 'preact';
import { sayNumber, sayTime, sayUtc } from '../say.ts';
import type { ChartData } from './chart-data.ts';
import { sayShade } from './say-shades.ts';
import type { Shade } from './shades.ts';

const rowsMax = 60;

interface Props {
  readonly data: ChartData;
  readonly shades: readonly Shade[];
}

export function ChartTable({ data, shades }: Props): JSX.Element {
  const step = Math.max(1, Math.ceil(data.times.length / rowsMax));
  const indices = data.times.map((_at, index) => index).filter((index) => index % step === 0);
  return (
    <>
      {shades.length > 0 && (
        <ul class="plain-list" aria-label="What is shaded">
          {shades.map((shade) => (
            <li key={`${shade.kind} ${shade.from}`}>{sayShade(shade, Date.now())}</li>
          ))}
        </ul>
      )}
      <div class="scroll" tabIndex={0} role="region" aria-label="The chart as a table">
        <table>
          <thead>
            <tr>
              {['Time', 'UTC', 'Demand', 'In service', 'Desired', 'Forecast'].map((head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {indices.map((index) => {
              const at = (data.times[index] ?? 0) * 1000;
              return (
                <tr key={at}>
                  <th scope="row">{sayTime(at, Date.now())}</th>
                  <td>{sayUtc(at)}</td>
                  <td>{sayNumber(data.demand[index])}</td>
                  <td>{sayNumber(data.inService[index])}</td>
                  <td>{sayNumber(data.desired[index])}</td>
                  <td>{sayForecast(data, index)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function sayForecast({ high, low, middle }: ChartData, index: number): string {
  const value = middle[index] ?? null;
  if (value === null) return '';
  return `${sayNumber(value)} (${sayNumber(low[index])} to ${sayNumber(high[index])})`;
}
