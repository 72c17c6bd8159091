// A promise that nobody waits for loses its failure, or brings the process down far from the cause.
// This finds calls whose promise is dropped, and async functions handed to callers that expect
// nothing back. It needs types, which oxlint does not have here; the compiler API is TypeScript 5.9's.

import { join, relative } from 'node:path';
import ts from 'typescript';

import { judge, runAlone, type Check } from './check.ts';

export const promises: Check = {
  name: 'promises',
  run: (root) => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
      ts.sys.readFile(path),
    );
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const program = ts.createProgram(fileNames, options);
    const checker = program.getTypeChecker();
    const findings = fileNames.flatMap((name) => {
      const file = program.getSourceFile(name);
      return file === undefined ? [] : findDropped(file, checker, root);
    });
    return Promise.resolve(judge(fileNames.length, 'files', findings));
  },
};

function findDropped(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  root: string,
): readonly string[] {
  const findings: string[] = [];
  const visit = (node: ts.Node): void => {
    const complaint = judgeStatement(node, checker) ?? judgeCallback(node, checker);
    if (complaint !== null) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      findings.push(`${relative(root, file.fileName)}:${line + 1}: ${complaint}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

function judgeStatement(node: ts.Node, checker: ts.TypeChecker): string | null {
  if (!ts.isExpressionStatement(node)) return null;
  const { expression } = node;
  if (!ts.isCallExpression(expression) || isHandled(expression)) return null;
  if (!isPromise(checker.getTypeAtLocation(expression), checker)) return null;
  return 'the promise is dropped: await it, or handle its failure (`.catch`, `.then(done, failed)`)';
}

/** `….catch(…)`, `….then(…, …)`, and `finally` after either. */
function isHandled(call: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(call.expression)) return false;
  const { name, expression } = call.expression;
  if (name.text === 'finally') return ts.isCallExpression(expression) && isHandled(expression);
  const handlerPosition = name.text === 'catch' ? 0 : name.text === 'then' ? 1 : null;
  return handlerPosition !== null && call.arguments.length > handlerPosition;
}

function judgeCallback(node: ts.Node, checker: ts.TypeChecker): string | null {
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return null;
  if (!(node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) return null;
  const expected = checker.getContextualType(node)?.getNonNullableType().getCallSignatures() ?? [];
  const isForNobody = expected.length > 0 && expected.every(returnsNothing);
  return isForNobody
    ? 'nobody waits for this async function: hand over one that handles its own failure'
    : null;
}

function returnsNothing(signature: ts.Signature): boolean {
  return (signature.getReturnType().flags & ts.TypeFlags.Void) !== 0;
}

/** Whether a value of the type, or of one part of a union, has a `then` that can be called. */
function isPromise(type: ts.Type, checker: ts.TypeChecker): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => {
    const then = part.getProperty('then');
    return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
  });
}

if (import.meta.main) await runAlone(promises);
