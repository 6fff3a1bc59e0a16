import type { Param, Resource, Shape } from './model.ts';
import { type OfficialTypes, propertiesOf, type Typed, unionElements } from './officialTypes.ts';
import { fullType } from './project.ts';

const ANY: Shape = { kind: 'any' };

export const isNullable = (shape: Shape): boolean =>
  shape.kind === 'null' || (shape.kind === 'union' && shape.of.some(isNullable));

export const withoutNull = (shape: Shape): Shape => {
  if (shape.kind !== 'union') return shape;
  const rest = shape.of.filter((each) => each.kind !== 'null');
  return rest.length === 1 && rest[0] !== undefined ? rest[0] : { kind: 'union', of: rest };
};

export const literalShape = (value: string | number | boolean | null): Shape => {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return { kind: 'string', literals: [value] };
  return typeof value === 'number' ? { kind: 'int' } : { kind: 'bool' };
};

/** What is one of two things, such as either branch of a ternary. */
export const merge = (one: Shape, other: Shape): Shape => {
  if (one.kind === 'any' || other.kind === 'any') return ANY;
  if (one.kind === 'string' && other.kind === 'string')
    return one.literals && other.literals
      ? { kind: 'string', literals: [...one.literals, ...other.literals] }
      : { kind: 'string' };
  if (one.kind === other.kind && one.kind !== 'union')
    return one.kind === 'object' ? { kind: 'object' } : one;
  return { kind: 'union', of: [one, other] };
};

/** One item of two joined arrays: a property that only one side has may be absent. */
export const mergeItems = (one: Shape, other: Shape): Shape => {
  const [here, there] = [one, other].map((each) => (each.kind === 'object' ? each.properties : undefined));
  if (here === undefined || there === undefined) return merge(one, other);
  const names = new Set([...here.keys(), ...there.keys()]);
  return {
    kind: 'object',
    properties: new Map(
      [...names].map((name) => {
        const [left, right] = [here.get(name), there.get(name)];
        if (left !== undefined && right !== undefined) return [name, merge(left, right)];
        return [name, { kind: 'union', of: [left ?? right ?? ANY, { kind: 'null' }] }];
      }),
    ),
  };
};

/** The texts that `@allowed` leaves a param; undefined where it has none. */
export const allowedTexts = (param: Param): string[] | undefined => {
  const list = param.decorators.find(({ name }) => name === 'allowed')?.args[0];
  if (list?.kind !== 'array' || param.shape.kind !== 'string') return undefined;
  return list.items.flatMap((item) => (item.kind === 'literal' ? [String(item.value)] : []));
};

/** What a JSON text yields; a property that some items of an array lack may be null. */
export const jsonShape = (value: unknown): Shape => {
  if (Array.isArray(value)) {
    const items = value.filter((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
    if (items.length === 0 || items.length < value.length)
      return { kind: 'array', item: value.length > 0 ? jsonShape(value[0]) : ANY };
    const names = new Set(items.flatMap((item) => Object.keys(item)));
    return {
      kind: 'array',
      item: {
        kind: 'object',
        properties: new Map(
          [...names].map((name) => {
            const holders = items.filter((item) => item[name] !== undefined && item[name] !== null);
            const shape = withoutLiterals(jsonShape(holders[0]?.[name]));
            return [
              name,
              holders.length === items.length ? shape : { kind: 'union', of: [shape, { kind: 'null' }] },
            ];
          }),
        ),
      },
    };
  }
  if (value === null || value === undefined) return { kind: 'null' };
  if (typeof value === 'object')
    return {
      kind: 'object',
      properties: new Map(Object.entries(value).map(([name, inner]) => [name, jsonShape(inner)])),
    };
  return typeof value === 'string' ? { kind: 'string' } : literalShape(value as number | boolean);
};

const withoutLiterals = (shape: Shape): Shape => (shape.kind === 'string' ? { kind: 'string' } : shape);

/** What a resource yields when it is read, by its official definition. */
export const resourceShape = (resource: Resource, types: OfficialTypes | undefined): Shape => {
  const { type, apiVersion } = fullType(resource);
  const body = types?.body(type, apiVersion);
  return body === undefined ? ANY : officialShape(body, 4);
};

/** An official type as a shape, to some depth: deeper is `any`. */
const officialShape = (typed: Typed, depth: number): Shape => {
  const { $type } = typed.type;
  if ($type.startsWith('String')) return { kind: 'string' };
  if ($type === 'IntegerType') return { kind: 'int' };
  if ($type === 'BooleanType') return { kind: 'bool' };
  if ($type === 'UnionType')
    return unionElements(typed).every(({ type }) => type.$type.startsWith('String'))
      ? { kind: 'string' }
      : ANY;
  if (depth === 0) return ANY;
  if ($type === 'ArrayType' && typed.type.itemType !== undefined)
    return { kind: 'array', item: officialShape(typed.follow(typed.type.itemType), depth - 1) };
  if ($type !== 'ObjectType' || typed.type.additionalProperties !== undefined) return ANY;
  return {
    kind: 'object',
    properties: new Map(
      Object.entries(propertiesOf(typed).properties).map(([name, property]) => [
        name,
        officialShape(typed.follow(property.type), depth - 1),
      ]),
    ),
  };
};
