// In the pure folders the time, chance and the outside world come in through ports. This finds what
// gets round that: clocks, randomness, timers, the locale, imports, module state. Layers are not
// judged here. The compiler API is TypeScript 5.9's; version 7 has none.

import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import ts from 'typescript';

import { judge, runAlone, type Check } from './check.ts';
import { listPureFiles } from './source-files.ts';

const passTime = 'take the time as a parameter (EpochMs) and format it at the edge';
const passChance = 'take a seeded random source as a parameter';
const passClock = 'return when to be called again and let an adapter of a port wait';
const passPort = 'ask through a port; an adapter outside the pure folders does the I/O';
const sameEverywhere = 'it depends on the machine; compare with `<` or format at the edge';

const bannedGlobals: ReadonlyMap<string, string> = new Map([
  ['Date', passTime],
  ['performance', passTime],
  ['Temporal', passTime],
  ['setTimeout', passClock],
  ['setInterval', passClock],
  ['setImmediate', passClock],
  ['queueMicrotask', passClock],
  ['crypto', passChance],
  ['process', passPort],
  ['console', passPort],
  ['fetch', passPort],
  ['require', passPort],
  ['globalThis', 'name the global itself, so that it can be seen here'],
  ['eval', 'write the code'],
  ['Intl', sameEverywhere],
]);

const localeMethods = /^(toLocale[A-Z]\w*|localeCompare)$/;
const exactPower = 'it differs between Node versions; multiply in a loop, or use `Math.exp`';

/** What one folder forbids beyond the rest. */
interface Strictness {
  readonly npm: boolean;
  readonly power: boolean;
}

function strictnessOf(path: string): Strictness {
  const inCore = path.startsWith('src/core/');
  return { npm: inCore || path.startsWith('src/wire/'), power: inCore };
}

export const purity: Check = {
  name: 'purity',
  run: (root) => {
    const paths = listPureFiles(root);
    const program = ts.createProgram({
      rootNames: paths.map((path) => join(root, path)),
      // Without libraries a name that resolves to nothing is a global: shadowing is seen for free.
      options: { noLib: true, noResolve: true, types: [], allowImportingTsExtensions: true },
    });
    const findings = paths.flatMap((path) => {
      const file = program.getSourceFile(join(root, path));
      return file === undefined ? [] : findImpurities(file, program.getTypeChecker(), root);
    });
    return Promise.resolve(judge(paths.length, 'pure files', findings));
  },
};

function findImpurities(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  root: string,
): readonly string[] {
  const path = relative(root, file.fileName);
  const strictness = strictnessOf(path);
  const findings: string[] = [];
  const visit = (node: ts.Node): void => {
    const complaint =
      judgeGlobal(node, checker, strictness) ??
      judgeImport(node, strictness) ??
      judgeOperator(node, strictness) ??
      judgeMember(node) ??
      judgeModuleState(node);
    if (complaint !== null) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      findings.push(`${path}:${line + 1}: ${complaint}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

function judgeGlobal(
  node: ts.Node,
  checker: ts.TypeChecker,
  strictness: Strictness,
): string | null {
  if (!ts.isIdentifier(node) || isMemberName(node)) return null;
  const advice = bannedGlobals.get(node.text);
  if (advice === undefined && node.text !== 'Math') return null;
  if (resolvesToDeclaration(node, checker)) return null;
  return advice === undefined ? judgeMath(node, strictness) : `\`${node.text}\`: ${advice}`;
}

function judgeMath(node: ts.Identifier, strictness: Strictness): string | null {
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node) {
    return '`Math`: name its member directly (`Math.max`), so that it can be seen here';
  }
  if (parent.name.text === 'random') return `\`Math.random\`: ${passChance}`;
  if (parent.name.text === 'pow' && strictness.power) return `\`Math.pow\`: ${exactPower}`;
  return null;
}

function judgeImport(node: ts.Node, strictness: Strictness): string | null {
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
    return `\`import.meta\`: ${passPort}`;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return '`import(…)`: import at the top of the file';
  }
  const specifier = moduleSpecifierOf(node);
  if (specifier === null || specifier.startsWith('.')) return null;
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    return `import of \`${specifier}\`: ${passPort}`;
  }
  return strictness.npm ? `import of \`${specifier}\`: this folder uses no npm package` : null;
}

function moduleSpecifierOf(node: ts.Node): string | null {
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const { literal } = node.argument;
    return ts.isStringLiteral(literal) ? literal.text : null;
  }
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return null;
  const specifier = node.moduleSpecifier;
  return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : null;
}

function judgeOperator(node: ts.Node, strictness: Strictness): string | null {
  if (!strictness.power || !ts.isBinaryExpression(node)) return null;
  const operator = node.operatorToken.kind;
  const isPower =
    operator === ts.SyntaxKind.AsteriskAsteriskToken ||
    operator === ts.SyntaxKind.AsteriskAsteriskEqualsToken;
  return isPower ? `\`**\`: ${exactPower}` : null;
}

function judgeMember(node: ts.Node): string | null {
  if (!ts.isPropertyAccessExpression(node) || !localeMethods.test(node.name.text)) return null;
  return `\`${node.name.text}\`: ${sameEverywhere}`;
}

function judgeModuleState(node: ts.Node): string | null {
  if (!ts.isVariableStatement(node) || !ts.isSourceFile(node.parent)) return null;
  const isConstant = (node.declarationList.flags & ts.NodeFlags.Const) !== 0;
  return isConstant ? null : 'module state: keep it in a value that the caller passes in';
}

/** The `b` of `a.b`, `{ b: … }`, a member's declaration: a name that refers to no variable. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return true;
  const isNamed =
    ts.isPropertyAssignment(parent) || ts.isClassElement(parent) || ts.isTypeElement(parent);
  return isNamed && parent.name === node;
}

function resolvesToDeclaration(node: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  return (symbol?.declarations?.length ?? 0) > 0;
}

if (import.meta.main) await runAlone(purity);
