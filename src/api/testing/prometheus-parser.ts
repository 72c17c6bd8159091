// Reads Prometheus's text format as its specification has it, and refuses whatever it does not allow:
// the judge of what we write.

export interface ParsedFamily {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface OpenFamily {
  readonly help: string;
  type: string;
  readonly samples: ParsedSample[];
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  summary: ['', '_sum', '_count'],
};

export function parseMetrics(text: string): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, OpenFamily>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary)$/.exec(line);
    if (help?.[1] !== undefined) {
      current = help[1];
      if (families.has(current)) throw new Error(`${current} comes twice`);
      families.set(current, { help: unescape(help[2] ?? '', 'n\\'), type: '', samples: [] });
      continue;
    }
    const family = families.get(current);
    if (family === undefined) throw new Error(`a sample before its family: ${line}`);
    if (type !== null) {
      if (type[1] !== current || family.type !== '') throw new Error(`misplaced: ${line}`);
      family.type = type[2] ?? '';
      continue;
    }
    const sample = parseSample(line);
    const allowed = (suffixes[family.type] ?? []).map((suffix) => `${current}${suffix}`);
    if (!allowed.includes(sample.name)) throw new Error(`${sample.name} within ${current}`);
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted()]);
    if (seen.has(key)) throw new Error(`a sample comes twice: ${line}`);
    seen.add(key);
    family.samples.push(sample);
  }
  return families;
}

function parseSample(line: string): ParsedSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  let rest = line.slice(name.length);
  if (rest.startsWith('{')) {
    let separator = '{';
    for (let end = false; !end;) {
      const label = /^[{,]([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/.exec(rest);
      if (label?.[1] === undefined || !rest.startsWith(separator)) {
        throw new Error(`bad labels: ${line}`);
      }
      if (Object.hasOwn(labels, label[1])) throw new Error(`a label comes twice: ${line}`);
      labels[label[1]] = unescape(label[2] ?? '', 'n\\"');
      rest = rest.slice(label[0].length);
      separator = ',';
      end = rest.startsWith('}');
    }
    rest = rest.slice(1);
  }
  return { name, labels, value: parseValue(rest, line) };
}

function parseValue(rest: string, line: string): number {
  const [, written] = /^ (\S+)$/.exec(rest) ?? [];
  if (written === 'NaN') return Number.NaN;
  if (written === '+Inf') return Number.POSITIVE_INFINITY;
  if (written === '-Inf') return Number.NEGATIVE_INFINITY;
  if (written === undefined || !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/.test(written)) {
    throw new Error(`bad value: ${line}`);
  }
  return Number(written);
}

function unescape(text: string, allowed: string): string {
  return text.replaceAll(/\\(.?)/g, (whole, character: string) => {
    if (character === '' || !allowed.includes(character)) throw new Error(`bad escape: ${whole}`);
    return character === 'n' ? '\n' : character;
  });
}
