import type { Inference, Scope } from './infer.ts';
import type { BicepFile, Expression } from './model.ts';
import { innerExpressions, rootExpressions } from './walk.ts';

/** Calls `visit` for every expression of a file, with what loops and lambdas make visible there and of which shape. */
export const walkInScope = (
  file: BicepFile,
  names: Inference,
  visit: (expression: Expression, scope: Scope) => void,
): void => {
  const go = (expression: Expression, scope: Scope): void => {
    visit(expression, scope);
    if (expression.kind === 'loop') {
      const within = names.inLoop(expression, scope);
      go(expression.over, scope);
      if (expression.condition !== undefined) go(expression.condition, within);
      go(expression.body, within);
      return;
    }
    if (expression.kind === 'call') {
      for (const arg of expression.args)
        go(arg, arg.kind === 'lambda' ? names.inLambda(arg, expression.args[0], scope) : scope);
      return;
    }
    for (const { inner } of innerExpressions(expression)) go(inner, scope);
  };
  for (const root of rootExpressions(file)) go(root, new Map());
};
