import type { Inference, Scope } from './infer.ts';
import type { Expression, Shape } from './model.ts';
import { didYouMean } from './nearest.ts';
import { propertiesOf, READ_ONLY, REQUIRED, type Typed, unionElements } from './officialTypes.ts';
import { isNullable, withoutNull } from './shapes.ts';

/** What a service takes and documents, and the definition lacks. */
const UNPUBLISHED = 'siteUpdateStrategy';

export interface ValueCheck {
  inference: Inference;
  variable: (name: string) => Expression | undefined;
  complain: (line: number, message: string) => void;
}

/** Checks that an expression is a value of an official type, as far as can be known before deployment. */
export const checkValue = (
  check: ValueCheck,
  expression: Expression,
  typed: Typed,
  where: string,
  scope: Scope,
): void => {
  const again = (inner: Expression, at = where, inScope = scope) =>
    checkValue(check, inner, typed, at, inScope);
  switch (expression.kind) {
    case 'literal':
      if (expression.value !== null) checkLiteral(check, expression.line, expression.value, typed, where);
      return;
    case 'ternary':
      again(expression.whenTrue);
      again(expression.whenFalse);
      return;
    case 'notNull':
      again(expression.value);
      return;
    case 'object':
      checkObject(check, expression, typed, where, scope);
      return;
    case 'array':
      for (const [i, item] of expression.items.entries())
        checkItem(check, item, typed, `${where}[${i}]`, scope);
      return;
    case 'loop':
      checkItem(check, expression.body, typed, `${where}[]`, check.inference.inLoop(expression, scope));
      return;
    case 'name': {
      const value = scope.has(expression.name) ? undefined : check.variable(expression.name);
      if (value !== undefined) {
        again(value, where, new Map());
        return;
      }
      break;
    }
    case 'operator':
      if (expression.operator === '??') {
        for (const operand of expression.operands) again(operand);
        return;
      }
      break;
    case 'call': {
      const [first, second] = expression.args;
      if (expression.name === 'fail') return;
      if (expression.name === 'union' || expression.name === 'concat') {
        for (const arg of expression.args) checkPartial(check, arg, typed, where, scope);
        return;
      }
      if (expression.name === 'map' && second?.kind === 'lambda') {
        checkItem(check, second.body, typed, `${where}[]`, check.inference.inLambda(second, first, scope));
        return;
      }
      break;
    }
  }
  checkShape(check, expression.line, check.inference.infer(expression, scope), typed, where);
};

/** One argument of union(): it may lack what another one brings. */
const checkPartial = (check: ValueCheck, arg: Expression, typed: Typed, where: string, scope: Scope) =>
  arg.kind === 'object'
    ? checkObject(check, arg, typed, where, scope, { partial: true })
    : checkValue(check, arg, typed, where, scope);

const checkItem = (check: ValueCheck, item: Expression, typed: Typed, where: string, scope: Scope): void => {
  const { type, follow } = typed;
  if (type.$type === 'AnyType') return;
  if (type.$type !== 'ArrayType' || type.itemType === undefined) {
    check.complain(item.line, `${where.replace(/\[\d*\]$/, '')} takes ${describe(typed)}, not an array`);
    return;
  }
  checkValue(check, item, follow(type.itemType), where, scope);
};

const checkObject = (
  check: ValueCheck,
  object: Extract<Expression, { kind: 'object' }>,
  typed: Typed,
  where: string,
  scope: Scope,
  options: { partial?: boolean; ignore?: ReadonlySet<string> } = {},
): void => {
  const { $type, discriminator } = typed.type;
  if ($type === 'AnyType') return;
  if ($type !== 'ObjectType' && $type !== 'DiscriminatedObjectType') {
    check.complain(object.line, `${where} takes ${describe(typed)}, not an object`);
    return;
  }
  const chosen = chosenElement(check, object, typed, where);
  if (discriminator !== undefined && chosen === undefined) return;
  const { properties, rest } = propertiesOf(typed, chosen);
  const given = new Set<string>();
  for (const property of object.properties) {
    if (property.name === undefined) {
      if (rest !== undefined) checkValue(check, property.value, typed.follow(rest), `${where}.*`, scope);
      continue;
    }
    given.add(property.name);
    if (options.ignore?.has(property.name) || property.name === UNPUBLISHED) continue;
    const known = properties[property.name];
    const path = where === '' ? property.name : `${where}.${property.name}`;
    if (known !== undefined) {
      if (known.flags & READ_ONLY && !(known.flags & REQUIRED))
        check.complain(property.line, `${path} is read-only`);
      else checkValue(check, property.value, typed.follow(known.type), path, scope);
    } else if (rest !== undefined) checkValue(check, property.value, typed.follow(rest), path, scope);
    else
      check.complain(
        property.line,
        `${path}: no property of that name${didYouMean(property.name, Object.keys(properties))}`,
      );
  }
  if (options.partial === true) return;
  for (const [name, property] of Object.entries(properties))
    if (
      property.flags & REQUIRED &&
      !(property.flags & READ_ONLY) &&
      !given.has(name) &&
      !options.ignore?.has(name)
    )
      check.complain(object.line, `${where === '' ? '' : `${where}.`}${name} is required and missing`);
};

/**
 * Checks the body of a resource: like any object, but `parent`, `scope` and `dependsOn` are Bicep's own.
 *
 * @param lacking what the service takes and the definition does not know.
 */
export const checkBody = (
  check: ValueCheck,
  body: Extract<Expression, { kind: 'object' }>,
  typed: Typed,
  scope: Scope,
  lacking: readonly string[] = [],
): void =>
  checkObject(check, body, typed, '', scope, {
    ignore: new Set(['parent', 'scope', 'dependsOn', 'name', ...lacking]),
  });

const chosenElement = (
  check: ValueCheck,
  object: Extract<Expression, { kind: 'object' }>,
  typed: Typed,
  where: string,
): string | undefined => {
  const { discriminator } = typed.type;
  if (discriminator === undefined) return undefined;
  const elements = Object.keys(typed.type.elements ?? {});
  const property = object.properties.find(({ name }) => name === discriminator);
  const value = property?.value.kind === 'literal' ? String(property.value.value) : undefined;
  if (value !== undefined && elements.includes(value)) return value;
  check.complain(
    property?.line ?? object.line,
    value === undefined
      ? `${where}.${discriminator} is required, one of ${elements.join(', ')}`
      : `${where}.${discriminator} '${value}' is not one of ${elements.join(', ')}${didYouMean(value, elements)}`,
  );
  return undefined;
};

/** The string values that a type names; undefined where it takes any string or none. */
const literalsOf = (typed: Typed): string[] | undefined => {
  if (typed.type.$type === 'StringLiteralType') return [typed.type.value ?? ''];
  if (typed.type.$type !== 'UnionType') return undefined;
  const literals = unionElements(typed).flatMap((element) =>
    element.type.$type === 'StringLiteralType' ? [element.type.value ?? ''] : [],
  );
  return literals.length === 0 ? undefined : literals;
};

const kindsOf = (typed: Typed): ReadonlySet<Shape['kind']> => {
  const { $type } = typed.type;
  if ($type === 'UnionType') return new Set(unionElements(typed).flatMap((element) => [...kindsOf(element)]));
  if ($type.startsWith('String')) return new Set(['string']);
  if ($type === 'IntegerType') return new Set(['int']);
  if ($type === 'BooleanType') return new Set(['bool']);
  if ($type === 'ArrayType') return new Set(['array']);
  if ($type === 'AnyType') return new Set(['string', 'int', 'bool', 'array', 'object']);
  return new Set(['object']);
};

const describe = (typed: Typed): string => [...kindsOf(typed)].join(' or ');

const checkLiteral = (
  check: ValueCheck,
  line: number,
  value: string | number | boolean,
  typed: Typed,
  where: string,
): void => {
  const kind = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'int' : 'bool';
  if (!kindsOf(typed).has(kind)) {
    check.complain(line, `${where} takes ${describe(typed)}, not ${JSON.stringify(value)}`);
    return;
  }
  const { pattern, minLength, maxLength, minValue, maxValue } = typed.type;
  if (typeof value === 'string') {
    const literals = literalsOf(typed);
    // Many enumerations are open in the definitions; a value outside them is still far more often a slip.
    if (literals !== undefined && !literals.includes(value))
      check.complain(
        line,
        `${where}: '${value}' is not one of ${literals.join(', ')}${didYouMean(value, literals)}`,
      );
    if (pattern !== undefined && !new RegExp(pattern).test(value))
      check.complain(line, `${where}: '${value}' does not match ${pattern}`);
    if (value.length < (minLength ?? 0) || value.length > (maxLength ?? Number.POSITIVE_INFINITY))
      check.complain(line, `${where}: '${value}' is not of ${minLength ?? 0} to ${maxLength} characters`);
  } else if (typeof value === 'number') {
    if (value < (minValue ?? -Infinity) || value > (maxValue ?? Infinity))
      check.complain(line, `${where}: ${value} is not between ${minValue} and ${maxValue}`);
  }
};

const checkShape = (check: ValueCheck, line: number, given: Shape, typed: Typed, where: string): void => {
  const shape = withoutNull(check.inference.expand(given));
  if (shape.kind === 'any' || shape.kind === 'null') return;
  if (shape.kind === 'union') {
    for (const each of shape.of) checkShape(check, line, each, typed, where);
    return;
  }
  if (!kindsOf(typed).has(shape.kind)) {
    check.complain(
      line,
      `${where} takes ${describe(typed)}, not ${isNullable(given) ? 'a nullable ' : ''}${shape.kind}`,
    );
    return;
  }
  if (shape.kind === 'string' && shape.literals !== undefined)
    for (const literal of shape.literals) checkLiteral(check, line, literal, typed, where);
};
