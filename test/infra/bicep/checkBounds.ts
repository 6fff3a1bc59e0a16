import type { BicepFile, Decorator, Fault, Param } from './model.ts';
import { isNullable } from './shapes.ts';

/**
 * BCP124, BCP166, BCP168, BCP326 to BCP333: a decorator stands once and suits its type, its smallest is not above its
 * largest, and a default lies between them.
 */
export const checkBounds = (file: BicepFile): Fault[] => {
  const faults: Fault[] = [];
  const add = (line: number, message: string) =>
    faults.push({ path: file.path, line, check: 'decorator', message });
  const decorated = [...file.params, ...file.outputs, ...file.types, ...file.variables];
  const ofTypes = file.types.flatMap(({ name: type, shape, propertyDecorators }) =>
    [...propertyDecorators].map(([name, decorators]) => ({
      name: `${type}.${name}`,
      decorators,
      shape: shape.kind === 'object' ? shape.properties?.get(name) : undefined,
    })),
  );
  for (const { name, decorators } of [...decorated, ...ofTypes]) {
    for (const [i, decorator] of decorators.entries())
      if (decorators.findIndex((other) => other.name === decorator.name) < i)
        add(decorator.line, `BCP166: @${decorator.name} stands twice on ${name}`);
    for (const [smallest, largest] of PAIRS) {
      const [low, high] = [limit(decorators, smallest), limit(decorators, largest)];
      if (low.value > high.value) add(low.line, `BCP331: @${smallest} of ${name} is above its @${largest}`);
      if (smallest === 'minLength' && (low.value < 0 || high.value < 0))
        add(low.line, `BCP168: a length of ${name} is negative`);
    }
  }
  for (const { name, decorators, shape } of ofTypes)
    for (const { name: decorator, line } of decorators) {
      const kinds = SUITS[decorator];
      const bare = shape?.kind === 'union' ? shape.of.find(({ kind }) => kind !== 'null') : shape;
      if (kinds === undefined) add(line, `no decorator @${decorator} of a property`);
      else if (kinds.length > 0 && !kinds.includes(bare?.kind ?? ''))
        add(line, `@${decorator} does not apply to ${name}, a ${bare?.kind}`);
    }
  for (const param of file.params) checkDefault(param, add);
  return faults;
};

const PAIRS = [
  ['minLength', 'maxLength'],
  ['minValue', 'maxValue'],
] as const;

/** Shapes that a decorator of a property suits; none: every one. */
const SUITS: Readonly<Record<string, readonly string[]>> = {
  description: [],
  metadata: [],
  secure: ['string', 'object'],
  sealed: ['object'],
  minLength: ['string', 'array'],
  maxLength: ['string', 'array'],
  minValue: ['int'],
  maxValue: ['int'],
};

/** What a decorator limits to; NaN, which is above and below nothing, where there is none. */
const limit = (decorators: readonly Decorator[], name: string): { value: number; line: number } => {
  const decorator = decorators.find((each) => each.name === name);
  const first = decorator?.args[0];
  if (first?.kind === 'operator' && first.operator === '-' && first.operands[0]?.kind === 'literal')
    return { value: -Number(first.operands[0].value), line: first.line };
  return { value: first?.kind === 'literal' ? Number(first.value) : Number.NaN, line: decorator?.line ?? 1 };
};

const checkDefault = (param: Param, add: (line: number, message: string) => void): void => {
  const { name, shape, default: given, decorators } = param;
  if (given === undefined) return;
  if (isNullable(shape)) add(given.line, `BCP326: ${name} may be null, so it takes no default`);
  const literal = given.kind === 'literal' ? given.value : undefined;
  const size = given.kind === 'array' ? given.items.length : String(literal).length;
  const sized = given.kind === 'array' || typeof literal === 'string';
  const of = (limited: string) => limit(decorators, limited).value;
  if (sized && (size < of('minLength') || size > of('maxLength')))
    add(given.line, `BCP332: the default of ${name} has not the length that it must have`);
  if (typeof literal === 'number' && (literal < of('minValue') || literal > of('maxValue')))
    add(given.line, `BCP327: the default of ${name} is out of its range`);
};
