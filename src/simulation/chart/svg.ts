// Writes SVG: escaped text, rounded numbers, nothing that a viewer would have to fetch.

type Attributes = Readonly<Record<string, string | number>>;

const font = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';

/** A whole picture on a white ground, readable by itself. `title` is for screen readers. */
export function drawing(
  size: { readonly width: number; readonly height: number },
  title: string,
  parts: readonly string[],
): string {
  const { width, height } = size;
  const head = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'font-family': font,
      'font-size': 12,
    },
    [
      `<title>${escapeText(title)}</title>`,
      element('rect', { width, height, fill: '#ffffff' }),
      ...parts,
    ],
  );
  return `${head}\n`;
}

export function element(name: string, attributes: Attributes, inside?: readonly string[]): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeText(showNumber(value))}"`)
    .join('');
  if (inside === undefined) return `<${name}${written}/>`;
  return `<${name}${written}>\n${inside.join('\n')}\n</${name}>`;
}

/** One line of text; `attributes` has its place. */
export function label(text: string, attributes: Attributes): string {
  const written = Object.entries({ fill: '#333333', ...attributes })
    .map(([key, value]) => ` ${key}="${escapeText(showNumber(value))}"`)
    .join('');
  return `<text${written}>${escapeText(text)}</text>`;
}

/** The `d` of a path through points, in straight lines. */
export function through(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${showNumber(x)} ${showNumber(y)}`)
    .join('');
}

/** Round numbers from 0 to at least `highest`, about five of them. `[0, 1]` where all is 0. */
export function roundTicks(highest: number): readonly number[] {
  if (!(highest > 0)) return [0, 1];
  const rough = highest / 5;
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step =
    [1, 2, 2.5, 5, 10].map((unit) => unit * power).find((unit) => unit >= rough) ?? rough;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** Without the noise of binary fractions. */
export function plainNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function showNumber(value: string | number): string {
  return typeof value === 'string' ? value : String(Number(value.toFixed(2)));
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
