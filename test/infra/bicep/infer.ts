import { functionResults } from './functions.ts';
import type { BicepFile, Expression, Module, Param, Resource, Shape } from './model.ts';
import type { OfficialTypes } from './officialTypes.ts';
import { fileAt, type Project, resolvePath, visibleTypes } from './project.ts';
import {
  allowedTexts,
  isNullable,
  jsonShape,
  literalShape,
  merge,
  mergeItems,
  resourceShape,
  withoutNull,
} from './shapes.ts';

/** Names that loops and lambdas make visible, with what they stand for. */
export type Scope = ReadonlyMap<string, Shape>;

export interface Inference {
  /** What an expression yields; `any` where that is not known. */
  infer: (expression: Expression, scope: Scope) => Shape;
  /** Follows aliases to what they stand for. */
  expand: (shape: Shape) => Shape;
  /** Names inside the body of a loop. */
  inLoop: (loop: Extract<Expression, { kind: 'loop' }>, scope: Scope) => Scope;
  /** Names inside a lambda that runs over an array. */
  inLambda: (
    lambda: Extract<Expression, { kind: 'lambda' }>,
    over: Expression | undefined,
    scope: Scope,
  ) => Scope;
}

type Complain = (line: number, message: string) => void;

const ANY: Shape = { kind: 'any' };

/** Says what the expressions of one file yield, and complains of reads of properties that nothing has. */
export const inference = (
  project: Project,
  file: BicepFile,
  types: OfficialTypes | undefined,
  complain: Complain,
): Inference => {
  const aliases = visibleTypes(project, file);
  const expand = (shape: Shape): Shape =>
    shape.kind === 'alias' ? expand(aliases.get(shape.name) ?? ANY) : shape;
  const busy = new Set<string>();

  const variable = (name: string): Shape | undefined => {
    const found = file.variables.find((candidate) => candidate.name === name);
    if (found === undefined) return importedVariable(name);
    if (busy.has(name)) return undefined;
    busy.add(name);
    const shape = infer(found.value, new Map());
    busy.delete(name);
    return shape;
  };

  /** What a variable of another file yields, which that file exports. */
  const importedVariable = (name: string): Shape | undefined => {
    const from = file.imports.find(({ names }) => names.includes(name))?.from;
    const source = from === undefined ? undefined : fileAt(project, resolvePath(file.path, from));
    const value = source?.variables.find((candidate) => candidate.name === name)?.value;
    if (source === undefined || value === undefined) return undefined;
    return inference(project, source, types, complain).infer(value, new Map());
  };

  const itemOf = (shape: Shape): Shape => {
    const known = withoutNull(expand(shape));
    return known.kind === 'array' ? expand(known.item) : ANY;
  };

  const inLoop: Inference['inLoop'] = (loop, scope) => {
    const inner = new Map(scope).set(loop.item, itemOf(infer(loop.over, scope)));
    return loop.index === undefined ? inner : inner.set(loop.index, { kind: 'int' });
  };

  const inLambda: Inference['inLambda'] = (lambda, over, scope) => {
    const item = over === undefined ? ANY : itemOf(infer(over, scope));
    return new Map([...scope, ...lambda.parameters.map((name) => [name, item] as const)]);
  };

  const outputsOf = (module: Module): Map<string, Shape> | undefined => {
    const target = fileAt(project, resolvePath(file.path, module.path));
    return target && new Map(target.outputs.map((output) => [output.name, output.shape]));
  };

  const ofParam = (param: Param): Shape => {
    const literals = allowedTexts(param);
    return literals === undefined ? expand(param.shape) : { kind: 'string', literals };
  };

  const ofDeclared = (declared: Resource | Module): Shape => {
    const body: Shape =
      'path' in declared
        ? {
            kind: 'object',
            properties: new Map<string, Shape>([
              ['name', { kind: 'string' }],
              ['outputs', { kind: 'object', ...optionalProperties(outputsOf(declared)) }],
            ]),
          }
        : resourceShape(declared, types);
    return declared.loop === undefined ? body : { kind: 'array', item: body };
  };

  const infer = (expression: Expression, scope: Scope): Shape => {
    switch (expression.kind) {
      case 'literal':
        return literalShape(expression.value);
      case 'interpolated':
        return { kind: 'string' };
      case 'array': {
        const [first, ...others] = expression.items.map((item) => infer(item, scope));
        return { kind: 'array', item: first === undefined ? ANY : others.reduce(merge, first) };
      }
      case 'object':
        return objectShape(expression, scope);
      case 'loop':
        return { kind: 'array', item: infer(expression.body, inLoop(expression, scope)) };
      case 'lambda':
        return ANY;
      case 'notNull':
        return withoutNull(expand(infer(expression.value, scope)));
      case 'ternary':
        return merge(infer(expression.whenTrue, scope), infer(expression.whenFalse, scope));
      case 'operator': {
        if (expression.operator === '??') {
          const [left, right] = expression.operands.map((operand) => infer(operand, scope));
          return left === undefined || right === undefined ? ANY : merge(withoutNull(left), right);
        }
        return /^[-+*/%]$/.test(expression.operator) ? { kind: 'int' } : { kind: 'bool' };
      }
      case 'name': {
        const declared = [...file.resources, ...file.modules].find(({ name }) => name === expression.name);
        const param = file.params.find(({ name }) => name === expression.name);
        return (
          scope.get(expression.name) ??
          (param && ofParam(param)) ??
          variable(expression.name) ??
          (declared && ofDeclared(declared)) ??
          ANY
        );
      }
      case 'nested': {
        const child = file.resources.find(
          ({ name, inside }) => inside !== undefined && name === expression.resource,
        );
        return child === undefined ? ANY : ofDeclared(child);
      }
      case 'index':
        return itemOf(infer(expression.object, scope));
      case 'member':
        return member(expression, scope);
      case 'call':
        return called(expression, scope);
    }
  };

  const objectShape = (object: Extract<Expression, { kind: 'object' }>, scope: Scope): Shape => {
    const properties = new Map<string, Shape>();
    for (const { name, value } of object.properties) {
      if (name === undefined) return { kind: 'object' };
      properties.set(name, infer(value, scope));
    }
    return { kind: 'object', properties };
  };

  const called = (expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Shape => {
    const [first, second] = expression.args;
    if (first !== undefined && /^(filter|sort|take|skip)$/.test(expression.name)) return infer(first, scope);
    if (expression.name === 'concat' && first !== undefined)
      return {
        kind: 'array',
        item: expression.args.map((arg) => itemOf(infer(arg, scope))).reduce(mergeItems),
      };
    if (expression.name === 'map' && second?.kind === 'lambda')
      return { kind: 'array', item: infer(second.body, inLambda(second, first, scope)) };
    if (expression.name === 'loadJsonContent' && first?.kind === 'literal') {
      const text = project.texts.get(resolvePath(file.path, String(first.value)));
      return text === undefined ? ANY : jsonShape(JSON.parse(text));
    }
    return functionResults[expression.name] ?? ANY;
  };

  const member = (expression: Extract<Expression, { kind: 'member' }>, scope: Scope): Shape => {
    const whole = expand(infer(expression.object, scope));
    if (isNullable(whole) && !expression.safe && whole.kind === 'union')
      complain(expression.line, `.${expression.property} of something that may be null: use .? or !`);
    if (
      expression.object.kind === 'name' &&
      /^(properties|outputs)$/.test(expression.property) &&
      !expression.safe
    ) {
      const { name } = expression.object;
      const declared = [...file.resources, ...file.modules].find((candidate) => candidate.name === name);
      if (declared?.condition !== undefined && declared.loop === undefined)
        complain(
          expression.line,
          `${name} is deployed on a condition: read ${name}!.${expression.property} where it holds`,
        );
    }
    const object = withoutNull(whole);
    if (object.kind !== 'object' || object.properties === undefined) return ANY;
    const property = object.properties.get(expression.property);
    if (property === undefined) {
      complain(
        expression.line,
        `'${expression.property}' is no property of what it is read from (it has ${[...object.properties.keys()].join(', ')})`,
      );
      return ANY;
    }
    const shape = expand(property);
    if (isNullable(shape) && !expression.safe)
      complain(expression.line, `'${expression.property}' may be absent: read it with .?`);
    return shape;
  };

  return { infer, expand, inLoop, inLambda };
};

const optionalProperties = (properties: Map<string, Shape> | undefined) =>
  properties === undefined ? {} : { properties };
