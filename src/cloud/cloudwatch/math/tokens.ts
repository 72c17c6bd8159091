// Cuts a metric math expression into tokens.

export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'symbol'; readonly value: string };

/** The tokens, or a sentence that says which character fits nowhere. */
export type Tokens =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly problem: string };

const SPACE = /\s+/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const TEXT = /"([^"]*)"|'([^']*)'/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/^()[\],<>]/y;
/** The logical operators have a word and a sign each; the sign stands for both. */
const WORD_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['AND', '&&'],
  ['OR', '||'],
]);

/** All tokens without the spaces between them. */
export function readTokens(expression: string): Tokens {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    const space = matchAt(SPACE, expression, at);
    if (space !== undefined) {
      at += space[0].length;
      continue;
    }
    const found = readToken(expression, at);
    if (found === undefined) {
      return { ok: false, problem: `Unexpected character '${expression[at]}' at ${at + 1}` };
    }
    tokens.push(found.token);
    at += found.length;
  }
  return { ok: true, tokens };
}

function readToken(text: string, at: number): { token: Token; length: number } | undefined {
  const number = matchAt(NUMBER, text, at)?.[0];
  if (number !== undefined) {
    return { token: { kind: 'number', value: Number(number) }, length: number.length };
  }
  const name = matchAt(NAME, text, at)?.[0];
  if (name !== undefined) {
    const sign = WORD_OPERATORS.get(name);
    const token: Token =
      sign === undefined ? { kind: 'name', value: name } : { kind: 'symbol', value: sign };
    return { token, length: name.length };
  }
  const quoted = matchAt(TEXT, text, at);
  if (quoted !== undefined) {
    const value = quoted[1] ?? quoted[2] ?? '';
    return { token: { kind: 'text', value }, length: quoted[0].length };
  }
  const symbol = matchAt(SYMBOL, text, at)?.[0];
  if (symbol === undefined) return undefined;
  return { token: { kind: 'symbol', value: symbol }, length: symbol.length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
