// The controller's health as an answer.

import type { ReadModel } from '../controller/ports/control.ts';
import type { HealthAnswer } from './answers.ts';

export function describeHealth(read: ReadModel): HealthAnswer {
  const { isHealthy, problems } = read.health();
  return { status: isHealthy ? 'ok' : 'failing', problems };
}
