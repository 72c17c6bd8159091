// `/v1` about the controller itself: its version and health, who changed what, its config.

import type { Hono } from 'hono';
import { z } from 'zod';
import type { ReadModel } from '../controller/ports/control.ts';
import type { EpochMs } from '../core/time.ts';
import type { ApiEnv } from './access/person.ts';
import type { AuditAnswer, VersionAnswer } from './answers.ts';
import { auditMax, type Audit } from './audit.ts';
import type { ConfigDesk } from './config-desk.ts';
import { describeHealth } from './describe-health.ts';
import { answerProblem } from './problem.ts';
import { readBody, readQuery } from './read-input.ts';

export interface ServiceRouteOptions {
  readonly read: ReadModel;
  readonly version: string;
  readonly startedAt: EpochMs;
  readonly audit: Audit;
  readonly config: ConfigDesk;
}

const auditDefault = 100;
export const configBytesMax = 256 * 1024;

export const auditQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(auditMax))
    .optional()
    .describe(`a whole number from 1 to ${auditMax}`),
});

export const checkBody = z.strictObject({
  yaml: z
    .string()
    .max(configBytesMax)
    .describe(`the text of a foretide.yaml, up to ${configBytesMax} characters`),
});

export function addServiceRoutes(app: Hono<ApiEnv>, options: ServiceRouteOptions): void {
  const { audit, config, read, startedAt, version } = options;

  app.get('/v1/version', (context) => {
    return context.json<VersionAnswer>({ version, startedAt, now: read.now() });
  });

  app.get('/v1/health', (context) => context.json(describeHealth(read)));

  app.get('/v1/audit', (context) => {
    const query = readQuery(context, auditQuery);
    if (!query.ok) return answerProblem(query.problem);
    const entries = audit.list(query.value.limit ?? auditDefault);
    return context.json<AuditAnswer>({ entries });
  });

  app.get('/v1/config', (context) => context.json(config.running()));

  app.post('/v1/config/check', async (context) => {
    const body = await readBody(context, checkBody);
    if (!body.ok) return answerProblem(body.problem);
    return context.json(config.check(body.value.yaml));
  });
}
