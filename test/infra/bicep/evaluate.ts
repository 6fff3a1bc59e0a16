import type { BicepFile, Expression } from './model.ts';

/** What `fail()` raises: the words that stop a deployment. */
export class Refused extends Error {}

type Value = unknown;
type Scope = ReadonlyMap<string, Value>;
type Lambda = (item: Value) => Value;

/**
 * Works out expressions of one file as Azure Resource Manager does, for given params; a param that is not given has its
 * default, or null. Throws on what it does not know, so that no test believes a value that nobody worked out.
 *
 * @param given values of params, and of functions such as `subscription`, by name.
 * @returns the value of a variable by its name; throws {@link Refused} where `fail()` speaks.
 */
export const evaluation = (file: BicepFile, given: Readonly<Record<string, Value>>) => {
  const find = (name: string, scope: Scope): Value => {
    if (scope.has(name)) return scope.get(name);
    const variable = file.variables.find((each) => each.name === name);
    if (variable !== undefined) return evaluate(variable.value, new Map());
    if (name in given) return given[name];
    const param = file.params.find((each) => each.name === name);
    if (param === undefined) throw new Error(`nothing is named ${name}`);
    return param.default === undefined ? null : evaluate(param.default, new Map());
  };

  const evaluate = (expression: Expression, scope: Scope): Value => {
    const inner = (each: Expression) => evaluate(each, scope);
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'interpolated':
        return expression.parts.map((part) => String(inner(part))).join('');
      case 'array':
        return expression.items.map(inner);
      case 'object':
        return Object.fromEntries(
          expression.properties.map(({ name, key, value }) => [
            name ?? String(key && inner(key)),
            inner(value),
          ]),
        );
      case 'name':
        return find(expression.name, scope);
      case 'notNull':
        return inner(expression.value);
      case 'ternary':
        return inner(inner(expression.condition) === true ? expression.whenTrue : expression.whenFalse);
      case 'lambda':
        return (item: Value) =>
          evaluate(expression.body, new Map([...scope, [expression.parameters[0] ?? '', item]]));
      case 'member':
        return property(inner(expression.object), expression.property, expression.safe);
      case 'operator':
        return operate(expression.operator, expression.operands.map(inner));
      case 'call': {
        if (expression.name in given) return given[expression.name];
        const run = functions[expression.name];
        if (run === undefined) throw new Error(`no working out of ${expression.name}()`);
        return run(...expression.args.map(inner));
      }
    }
    throw new Error(`no working out of ${expression.kind}`);
  };

  return (variable: string): Value => find(variable, new Map());
};

const property = (object: Value, name: string, safe: boolean): Value => {
  const found = Object.entries(object ?? {}).find(([key]) => key === name);
  if (found === undefined && !safe) throw new Error(`there is no ${name}`);
  return found?.[1] ?? null;
};

/** Every operand is worked out: whether Azure stops at the first that decides is not to be relied upon. */
const operate = (operator: string, [left, right]: Value[]): Value => {
  switch (operator) {
    case '!':
      return left !== true;
    case '&&':
      return left === true && right === true;
    case '||':
      return left === true || right === true;
    case '??':
      return left ?? right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return Number(left) < Number(right);
  }
  throw new Error(`no working out of ${operator}`);
};

const list = (value: Value): Value[] => {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is no array`);
  return value;
};
const run = (lambda: Value, item: Value): Value => (lambda as Lambda)(item);

const functions: Readonly<Record<string, (...args: Value[]) => Value>> = {
  concat: (...arrays) => arrays.flatMap(list),
  contains: (array, item) => list(array).includes(item),
  empty: (value) => value === null || value === '' || Object.keys(Object(value)).length === 0,
  fail: (words) => {
    throw new Refused(String(words));
  },
  filter: (array, lambda) => list(array).filter((item) => run(lambda, item) === true),
  items: (object) => Object.entries(Object(object)).map(([key, value]) => ({ key, value })),
  join: (array, separator) => list(array).join(String(separator)),
  length: (value) => (typeof value === 'string' ? value : list(value)).length,
  map: (array, lambda) => list(array).map((item) => run(lambda, item)),
  skip: (array, count) => list(array).slice(Number(count)),
  split: (text, separator) => String(text).split(String(separator)),
  startsWith: (text, start) => String(text).toLowerCase().startsWith(String(start).toLowerCase()),
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  take: (array, count) => list(array).slice(0, Number(count)),
  toLower: (text) => String(text).toLowerCase(),
  union: (...arrays) => [...new Set(arrays.flatMap(list))],
};
