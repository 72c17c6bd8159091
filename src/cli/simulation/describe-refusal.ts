// Why a file of recorded traffic was not taken, a line for each reason; and the option that helps,
// which its reader does not know.

import type { TraceReading } from '../../simulation/trace/trace.ts';

export function describeRefusal(
  name: string,
  { problems, problemCount }: Extract<TraceReading, { kind: 'refused' }>,
): string {
  const lines = problems.map(({ code, message }) => {
    const help = code === 'choose-series' ? '; --series says which' : '';
    return `${name}: ${message}${help}`;
  });
  const more = problemCount - problems.length;
  return [...lines, ...(more > 0 ? [`${name}: and ${more} more like these`] : [])].join('\n');
}
