// Every operation of `/v1`: what it takes, by the very schemas that read it, and what it answers.

import { z } from 'zod';
import * as commands from '../command-routes.ts';
import { eventsQuery } from '../event-routes.ts';
import { forecastQuery, historyBody } from '../forecast-routes.ts';
import * as groupQueries from '../group-routes.ts';
import { jobBody } from '../job-routes.ts';
import { auditQuery, checkBody } from '../service-routes.ts';
import { sessionBody } from '../session-routes.ts';
import * as answers from './answer-schemas.ts';
import * as why from './why-schemas.ts';

export interface Operation {
  readonly method: 'get' | 'post' | 'delete';
  /** As hono has it: `/v1/groups/:group`. */
  readonly path: string;
  readonly summary: string;
  /** Who may. */
  readonly role: 'anyone' | 'viewer' | 'operator';
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status?: 202;
  /** Absent for a stream. */
  readonly answer?: z.ZodType;
  readonly takesVersion?: boolean;
}

const { noQuery } = groupQueries;
const group = '/v1/groups/:group';
const acts = { method: 'post', role: 'operator', takesVersion: true } as const;
const reads = { method: 'get', role: 'viewer' } as const;

export const operations: readonly Operation[] = [
  { ...reads, path: '/v1/groups', summary: 'Every group', query: noQuery, answer: answers.groups },
  { ...reads, path: group, summary: 'One group', query: noQuery, answer: answers.group },
  {
    ...reads,
    path: `${group}/decisions`,
    summary: 'Decisions, newest first',
    query: groupQueries.decisionsQuery,
    answer: answers.decisions,
  },
  {
    ...reads,
    path: `${group}/why`,
    summary: 'The decision in force at a moment',
    query: groupQueries.whyQuery,
    answer: why.toldDecision,
  },
  {
    ...reads,
    path: `${group}/why-not`,
    summary: 'What stands in the way of a change, or stood against a size',
    query: groupQueries.whyNotQuery,
    answer: z.union([why.toldObstacles, why.toldSizeObstacles]),
  },
  {
    ...reads,
    path: `${group}/signals/:signal`,
    summary: 'Minutes of a signal',
    query: groupQueries.signalQuery,
    answer: answers.signal,
  },
  {
    ...reads,
    path: `${group}/series`,
    summary: 'Sizes and demand for a chart',
    query: groupQueries.seriesQuery,
    answer: answers.series,
  },
  {
    ...reads,
    path: `${group}/forecast`,
    summary: 'What is expected of the demand',
    query: forecastQuery,
    answer: answers.forecast,
  },
  {
    method: 'post',
    role: 'operator',
    path: `${group}/history`,
    summary: 'Take in minutes of its past from elsewhere',
    body: historyBody,
    answer: answers.historyImported,
  },
  {
    ...acts,
    path: `${group}/set`,
    summary: 'Set a size for a while',
    query: commands.actQuery,
    body: commands.setBody,
    answer: z.union([answers.overridden, answers.preview]),
  },
  {
    ...acts,
    path: `${group}/hold`,
    summary: 'Hold at least a size for a while',
    query: commands.actQuery,
    body: commands.holdBody,
    answer: z.union([answers.overridden, answers.preview]),
  },
  {
    ...acts,
    path: `${group}/pause`,
    summary: 'Add and remove nothing',
    query: commands.actQuery,
    body: commands.pauseBody,
    answer: z.union([answers.overridden, answers.preview]),
  },
  {
    ...acts,
    path: `${group}/resume`,
    summary: 'Let the policies decide again',
    query: commands.actQuery,
    body: commands.resumeBody,
    answer: z.union([answers.resumed, answers.preview]),
  },
  {
    ...acts,
    path: `${group}/mode`,
    summary: 'Change how far the controller may act',
    query: commands.actQuery,
    body: commands.modeBody,
    answer: z.union([answers.modeChanged, answers.preview]),
  },
  {
    ...acts,
    role: 'viewer',
    path: `${group}/preview`,
    summary: 'What an action would do',
    body: commands.previewBody,
    answer: answers.preview,
  },
  {
    ...reads,
    path: '/v1/events',
    summary: 'Live changes, as server-sent events',
    query: eventsQuery,
  },
  { ...reads, path: '/v1/version', summary: 'The controller', answer: answers.version },
  { ...reads, path: '/v1/health', summary: 'What is wrong', answer: answers.health },
  {
    ...reads,
    path: '/v1/audit',
    summary: 'Who changed what',
    query: auditQuery,
    answer: answers.audit,
  },
  { ...reads, path: '/v1/config', summary: 'The config that runs', answer: answers.config },
  {
    method: 'post',
    role: 'viewer',
    path: '/v1/config/check',
    summary: 'What is wrong with a config',
    body: checkBody,
    answer: answers.configCheck,
  },
  {
    method: 'post',
    role: 'viewer',
    path: '/v1/jobs',
    summary: 'Simulate or compare a config',
    body: jobBody,
    status: 202,
    answer: answers.jobStarted,
  },
  { ...reads, path: '/v1/jobs/:id', summary: 'How a job stands', answer: answers.job },
  {
    method: 'delete',
    role: 'viewer',
    path: '/v1/jobs/:id',
    summary: 'End a job',
    answer: answers.jobStarted,
  },
  {
    method: 'get',
    role: 'anyone',
    path: '/v1/session',
    summary: 'Who is logged in',
    answer: answers.session,
  },
  {
    method: 'post',
    role: 'anyone',
    path: '/v1/session',
    summary: 'A token for a cookie',
    body: sessionBody,
    answer: answers.session,
  },
  {
    method: 'delete',
    role: 'anyone',
    path: '/v1/session',
    summary: 'Log out',
    answer: answers.session,
  },
  {
    ...reads,
    path: '/v1/openapi.json',
    summary: 'This description',
    answer: z.looseObject({ openapi: z.string() }),
  },
];
