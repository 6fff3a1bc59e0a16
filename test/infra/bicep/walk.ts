import type { BicepFile, Expression } from './model.ts';

/** The expressions directly inside one, each with the names that become visible in it. */
export const innerExpressions = (expression: Expression): { inner: Expression; names: string[] }[] => {
  const plain = (...inner: Expression[]) => inner.map((each) => ({ inner: each, names: [] as string[] }));
  switch (expression.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'interpolated':
      return plain(...expression.parts);
    case 'object':
      return plain(
        ...expression.properties.flatMap((property) =>
          property.key === undefined ? [property.value] : [property.key, property.value],
        ),
      );
    case 'array':
      return plain(...expression.items);
    case 'member':
    case 'nested':
      return plain(expression.object);
    case 'index':
      return plain(expression.object, expression.index);
    case 'call':
      return plain(...expression.args);
    case 'operator':
      return plain(...expression.operands);
    case 'ternary':
      return plain(expression.condition, expression.whenTrue, expression.whenFalse);
    case 'notNull':
      return plain(expression.value);
    case 'lambda':
      return [{ inner: expression.body, names: expression.parameters }];
    case 'loop': {
      const names = expression.index === undefined ? [expression.item] : [expression.item, expression.index];
      return [
        ...plain(expression.over),
        ...(expression.condition === undefined ? [] : [{ inner: expression.condition, names }]),
        { inner: expression.body, names },
      ];
    }
  }
};

/** Calls `visit` for an expression and everything in it, with the loop and lambda names visible there. */
export const walk = (
  expression: Expression,
  visit: (expression: Expression, names: ReadonlySet<string>) => void,
  names: ReadonlySet<string> = new Set(),
): void => {
  visit(expression, names);
  for (const { inner, names: added } of innerExpressions(expression))
    walk(inner, visit, added.length === 0 ? names : new Set([...names, ...added]));
};

/** Every expression at the root of a declaration: bodies as their loop where they have one. */
export const rootExpressions = (file: BicepFile): Expression[] => [
  ...file.params.flatMap((param) => [
    ...(param.default === undefined ? [] : [param.default]),
    ...param.decorators.flatMap((decorator) => decorator.args),
  ]),
  ...file.variables.map((variable) => variable.value),
  ...[...file.resources, ...file.modules].flatMap((declared) =>
    declared.loop !== undefined
      ? [declared.loop]
      : [...(declared.condition === undefined ? [] : [declared.condition]), declared.body],
  ),
  ...file.outputs.map((output) => output.value),
];
