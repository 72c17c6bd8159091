// A comparison as bars and as a table: what each would have cost against the optimum.

import type { JSX } from 'preact';
import { sayNumber, sayShare } from '../say.ts';
import type { Candidate, Comparison } from './lab-job.ts';

interface Props {
  readonly result: Comparison;
  readonly svg: string | null;
}

export function ComparisonResult({ result, svg }: Props): JSX.Element {
  const { candidates, epsilon, optimum } = result;
  return (
    <>
      <h2>Cost over the optimum’s</h2>
      <p class="quiet">
        At most {sayShare(epsilon)} of the work unserved. 1 is a scheduler that knows the future
        {optimum.costUsd === null ? '' : `, and pays $${optimum.costUsd.toFixed(2)}`}.
      </p>
      {svg !== null && <Chart svg={svg} />}
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of the comparison">
        <table class="compared">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Cost / optimum</th>
              <th scope="col">Unserved</th>
              <th scope="col">Cost</th>
              <th scope="col">Launches / h</th>
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate) => (
              <Row key={candidate.name} candidate={candidate} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Row({ candidate }: { readonly candidate: Candidate }): JSX.Element {
  const { costUsd, kind, launchesPerHour, name, ratio, violationShare } = candidate;
  return (
    <tr class={kind === 'config' ? 'is-ours' : ''}>
      <th scope="row">{name}</th>
      <td>{ratio === null ? 'leaves more unserved' : ratio.toFixed(3)}</td>
      <td>{sayShare(violationShare)}</td>
      <td>${costUsd.toFixed(2)}</td>
      <td>{sayNumber(launchesPerHour)}</td>
    </tr>
  );
}

/** As an image: nothing in it can run, whatever it says. */
function Chart({ svg }: { readonly svg: string }): JSX.Element {
  const source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  return (
    <img
      class="lab-chart"
      src={source}
      alt="The comparison as a chart; the table has its numbers"
    />
  );
}
