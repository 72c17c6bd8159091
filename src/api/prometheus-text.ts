// Prometheus's text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/).

import type { MetricFamily, MetricSample } from '../controller/ports/control.ts';

export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** One block a family, each line ended; a family without samples has its header alone. */
export function formatMetrics(families: readonly MetricFamily[]): string {
  return families.map((family) => formatFamily(family)).join('');
}

function formatFamily({ help, name, samples, type }: MetricFamily): string {
  const header = [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`];
  const lines = samples.map((sample) => formatSample(name, sample));
  return [...header, ...lines].map((line) => `${line}\n`).join('');
}

function formatSample(name: string, { labels, suffix = '', value }: MetricSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  const braced = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  return `${name}${suffix}${braced} ${formatValue(value)}`;
}

function formatValue(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', String.raw`\"`);
}
