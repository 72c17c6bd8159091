import { describe, expect, it } from 'vitest';

import { formatConfigError } from './config-error.ts';
import { readYaml, textLengthMax, type YamlSource } from './yaml-source.ts';

function readErrors(text: string): string[] {
  const outcome = readYaml(text, 'f.yaml');
  return outcome.ok ? [] : outcome.errors.map(formatConfigError);
}

function readSource(text: string): YamlSource {
  const outcome = readYaml(text, 'f.yaml');
  if (!outcome.ok) throw new Error(outcome.errors.map(formatConfigError).join('\n'));
  return outcome.source;
}

function placeOf(source: YamlSource, path: (string | number)[], isAboutKey = false): string {
  const { line, column } = source.locate({ path, isAboutKey, found: '', allowed: '' });
  return `${line}:${column}`;
}

describe('reading YAML', () => {
  it.each([
    ['a tab', 'a:\n\tb: 1\n', 'f.yaml:2:1 found a tab, allowed: spaces as indentation'],
    ['a second document', 'a: 1\n---\nb: 2\n', 'f.yaml:2:1 found a second document'],
    ['a tag', 'a: !!binary aGk=\n', 'f.yaml:1:4 found a tag (!…), allowed: plain values'],
    ['an open quote', 'a: "x\n', 'found no YAML 1.2 (Missing closing "quote)'],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 'f.yaml:3:1 found the key "a" again'],
    ['a list as a key', '? [a, b]\n: 3\n', 'f.yaml:1:3 found no YAML 1.2'],
    ['an alias of nothing', 'a: *x\n', 'f.yaml:1:4 found the alias "*x", allowed: an alias of'],
    ['an alias within itself', 'a: &x [*x]\n', 'f.yaml:1:8 found the alias "*x" inside of what'],
    ['a missing colon', 'a:\n  - name web\n    min: 1\n', 'f.yaml:2:5 found no YAML 1.2'],
  ])('refuses %s', (_, text, error) => {
    expect(readErrors(text)[0]).toContain(error);
  });

  it('refuses nesting without end, in any notation', () => {
    for (const text of ['['.repeat(40) + ']'.repeat(40), `a:\n${'- '.repeat(40)}x`]) {
      expect(readErrors(text)).toEqual([
        expect.stringContaining('found lists and mappings nested too deeply, allowed: at most 32'),
      ]);
    }
    expect(readErrors('['.repeat(50_000))).not.toEqual([]);
    expect(readErrors('- '.repeat(50_000))).not.toEqual([]);
  });

  it('refuses aliases that multiply, before anything is made of them', () => {
    const letters = [...'bcdefghi'];
    const bomb = letters.map((letter, index) => {
      const previous = [...'abcdefgh'][index] ?? '';
      return `${letter}: &${letter} [${Array.from({ length: 9 }, () => `*${previous}`).join(', ')}]`;
    });
    expect(readErrors(`a: &a [x, x, x, x, x, x, x, x, x]\n${bomb.join('\n')}\n`)).toEqual([
      expect.stringMatching(/^f\.yaml:7:\d+ found aliases of aliases/),
    ]);
  });

  it('takes one list for very many groups', () => {
    const groups = Array.from({ length: 500 }, (_, index) => `g${index}: *shared`);
    const { value } = readSource(`shared: &shared [1, 2]\n${groups.join('\n')}\n`);
    expect(value).toMatchObject({ g0: [1, 2], g499: [1, 2] });
  });

  it('refuses a text that is too long without reading it', () => {
    expect(readErrors('a'.repeat(textLengthMax + 1))).toEqual([
      `f.yaml:1:1 found ${textLengthMax + 1} characters, allowed: at most ${textLengthMax}`,
    ]);
  });

  it('reads very many keys in good time', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `key${index}: ${index}`).join('\n');
    expect(readSource(text).value).toHaveProperty('key19999', 19_999);
  });

  it('takes a key of JavaScript’s own as any other', () => {
    const { value } = readSource('__proto__: {polluted: true}\nconstructor: 1\n');
    expect(Object.keys(Object(value))).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('polluted');
  });

  it('says no more than ten times that a file is no YAML', () => {
    expect(readErrors('}\n'.repeat(1_000))).toHaveLength(10);
  });
});

describe('a place in the text', () => {
  const source = readSource('a:\n  - b: 1\n    c:\n  - &x {d: 2}\ne: *x\n');

  it('is that of the value', () => {
    expect(placeOf(source, ['a', 0, 'b'])).toBe('2:8');
    expect(placeOf(source, ['a', 1, 'd'])).toBe('4:12');
  });

  it('is that of the key, if the key is meant', () => {
    expect(placeOf(source, ['a', 0, 'b'], true)).toBe('2:5');
  });

  it('is that of what lacks it, for something missing', () => {
    expect(placeOf(source, ['a', 0, 'missing', 'deeper'])).toBe('2:5');
    expect(placeOf(source, ['missing'])).toBe('1:1');
  });

  it('is where an alias leads', () => {
    expect(placeOf(source, ['e', 'd'])).toBe('4:12');
  });

  it('is the beginning of an empty file', () => {
    expect(placeOf(readSource(''), ['groups'])).toBe('1:1');
  });
});
