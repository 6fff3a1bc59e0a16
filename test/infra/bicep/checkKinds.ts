import { type Inference, inference, type Scope } from './infer.ts';
import type { BicepFile, Expression, Fault, Shape } from './model.ts';
import type { OfficialTypes } from './officialTypes.ts';
import type { Project } from './project.ts';
import { withoutNull } from './shapes.ts';
import { signatures } from './signatures.ts';
import { walkInScope } from './walkInScope.ts';

/**
 * BCP026, BCP032, BCP044 to BCP046, BCP070, BCP071, BCP137: a condition is a bool, a loop runs over an array, an output
 * is of its type, and functions and operators get as much as they take, of the kind that they take. What is not known
 * for certain passes.
 */
export const checkKinds = (project: Project, file: BicepFile, types: OfficialTypes | undefined): Fault[] => {
  const faults: Fault[] = [];
  const add = (line: number, message: string) =>
    faults.push({ path: file.path, line, check: 'kind', message });
  const names = inference(project, file, types, () => {});
  const of = (expression: Expression, scope: Scope) => kindOf(names, expression, scope);
  const want = (expression: Expression, scope: Scope, kind: Shape['kind'], what: string) => {
    const found = of(expression, scope);
    if (found !== undefined && found !== kind) add(expression.line, `${what} is a ${found}, not a ${kind}`);
  };
  for (const { name, condition, loop } of [...file.resources, ...file.modules])
    if (condition !== undefined)
      want(condition, loop ? names.inLoop(loop, new Map()) : new Map(), 'bool', `the condition of ${name}`);
  for (const { name, shape, value } of file.outputs) {
    const wanted = withoutNull(names.expand(shape)).kind;
    if (wanted !== 'any' && wanted !== 'union') want(value, new Map(), wanted, `the output ${name}`);
  }
  walkInScope(file, names, (expression, scope) => {
    if (expression.kind === 'loop') want(expression.over, scope, 'array', 'what a loop runs over');
    if (expression.kind === 'ternary') want(expression.condition, scope, 'bool', 'what ? asks');
    if (expression.kind === 'operator' && /^(!|&&|\|\|)$/.test(expression.operator))
      for (const operand of expression.operands)
        want(operand, scope, 'bool', `an operand of ${expression.operator}`);
    if (expression.kind === 'call') {
      const kinds = expression.args.map((arg) => of(arg, scope));
      const wanted = signatures[expression.name];
      if (wanted === undefined) add(expression.line, `no signature of ${expression.name}() is known here`);
      else if (!wanted.some((signature) => fits(signature, expression.args, kinds)))
        add(
          expression.line,
          `${expression.name}() takes ${wanted.map((each) => `(${each})`).join(' or ')}, not (${kinds.map((kind) => kind ?? '?').join(', ')})`,
        );
    }
  });
  return faults;
};

/** The kind of an expression's value; undefined where that is open. */
const kindOf = (names: Inference, expression: Expression, scope: Scope): Shape['kind'] | undefined => {
  const { kind } = withoutNull(names.expand(names.infer(expression, scope)));
  return kind === 'any' || kind === 'union' || kind === 'alias' || kind === 'null' ? undefined : kind;
};

const KINDS: Readonly<Record<string, readonly string[]>> = {
  s: ['string'],
  l: ['string'],
  i: ['int'],
  a: ['array'],
  o: ['object'],
  c: ['string', 'array'],
  m: ['string', 'array', 'object'],
};

const fits = (
  signature: string,
  args: readonly Expression[],
  kinds: readonly (Shape['kind'] | undefined)[],
): boolean => {
  const slots = [...signature.matchAll(/(.)([?+]?)/g)].map(([, letter = '', times = '']) => ({
    letter,
    times,
  }));
  const repeated = slots.at(-1)?.times === '+';
  const least = slots.filter(({ times }) => times !== '?').length;
  if (args.length < least || (!repeated && args.length > slots.length)) return false;
  return args.every((arg, i) => {
    const letter = (slots[i] ?? slots.at(-1))?.letter ?? '*';
    if (letter === 'f' || arg.kind === 'lambda') return letter === 'f' && arg.kind === 'lambda';
    if (letter === 'l' && arg.kind !== 'literal') return false;
    const kind = kinds[i];
    return letter === '*' || kind === undefined || (KINDS[letter] ?? []).includes(kind);
  });
};
