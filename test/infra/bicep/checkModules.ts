import { inference, type Scope } from './infer.ts';
import type { BicepFile, Expression, Fault, Module, Param, Shape } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { OfficialTypes } from './officialTypes.ts';
import { fileAt, type Project, resolvePath, visibleTypes } from './project.ts';
import { allowedTexts, isNullable, withoutNull } from './shapes.ts';
import { rootExpressions, walk } from './walk.ts';

/** The interfaces between files: module paths, the params passed, the outputs read, the files loaded. */
export const checkModules = (
  project: Project,
  file: BicepFile,
  types: OfficialTypes | undefined,
): Fault[] => {
  const faults: Fault[] = [];
  const adder = (check: string) => (line: number, message: string) =>
    faults.push({ path: file.path, line, check, message });
  for (const module of file.modules) checkModule(project, file, module, types, adder('module'));
  if (file.using !== undefined) checkValues(project, file, adder('module'));
  for (const root of rootExpressions(file))
    walk(root, (expression) => {
      if (expression.kind !== 'call' || !/^load(Text|Json)Content$/.test(expression.name)) return;
      checkLoad(project, file, expression, adder('load'));
    });
  return faults;
};

type Add = (line: number, message: string) => void;

const checkModule = (
  project: Project,
  file: BicepFile,
  module: Module,
  types: OfficialTypes | undefined,
  add: Add,
): void => {
  const target = fileAt(project, resolvePath(file.path, module.path));
  if (target === undefined) {
    add(module.line, `${module.name}: ${module.path} is no readable file`);
    return;
  }
  const property = (name: string) => module.body.properties.find((candidate) => candidate.name === name);
  for (const { name, line } of module.body.properties)
    if (!/^(name|scope|params|dependsOn)$/.test(name ?? ''))
      add(line, `${module.name}: no module property ${name}`);
  if (property('name') === undefined) add(module.line, `${module.name}: name is missing`);
  const scope = property('scope');
  const kind = scope?.value.kind === 'call' ? scope.value.name : file.targetScope;
  if (kind !== target.targetScope)
    add(
      scope?.line ?? module.line,
      `${module.name}: ${module.path} is for a ${target.targetScope}, not a ${kind}`,
    );
  const params = property('params')?.value;
  const names = inference(project, file, types, () => {});
  const inside = module.loop === undefined ? new Map() : names.inLoop(module.loop, new Map());
  const given = params?.kind === 'object' ? params.properties : [];
  const where = { project, file, target, names, scope: inside };
  for (const { name, value, line } of given) {
    const param = target.params.find((candidate) => candidate.name === name);
    if (param !== undefined) checkArgument(where, param, value, `${module.name}.${name}`, add);
    else
      add(
        line,
        `${module.name}: ${module.path} has no param ${name}${didYouMean(
          name ?? '',
          target.params.map((each) => each.name),
        )}`,
      );
  }
  for (const param of target.params)
    if (isRequired(project, target, param) && !given.some(({ name }) => name === param.name))
      add(module.line, `${module.name}: the required param ${param.name} is missing`);
};

const isRequired = (project: Project, target: BicepFile, param: Param): boolean =>
  param.default === undefined && !isNullable(expandIn(project, target, param.shape));

const expandIn = (project: Project, file: BicepFile, shape: Shape): Shape =>
  shape.kind === 'alias' ? (visibleTypes(project, file).get(shape.name) ?? { kind: 'any' }) : shape;

interface Where {
  project: Project;
  file: BicepFile;
  target: BicepFile;
  names: ReturnType<typeof inference>;
  scope: Scope;
}

const checkArgument = (where: Where, param: Param, value: Expression, path: string, add: Add): void => {
  const texts = allowedTexts(param);
  const declared = expandIn(where.project, where.target, param.shape);
  const wanted: Shape = texts === undefined ? declared : { kind: 'string', literals: texts };
  const given = where.names.expand(where.names.infer(value, where.scope));
  if (isNullable(given) && !isNullable(wanted) && given.kind === 'union')
    add(value.line, `${path} may be null, but the param may not: use ! where it is not`);
  checkShape(where, withoutNull(given), withoutNull(wanted), path, value.line, add);
  const object = expandIn(where.project, where.target, withoutNull(wanted));
  if (value.kind === 'object' && object.kind === 'object' && object.properties !== undefined)
    checkProperties(where, value, object.properties, path, add);
  const literal = value.kind === 'literal' ? value.value : undefined;
  for (const decorator of param.decorators) {
    const [first] = decorator.args;
    const limit = first?.kind === 'literal' ? Number(first.value) : Number.NaN;
    const size =
      typeof literal === 'string' ? literal.length : value.kind === 'array' ? value.items.length : undefined;
    if (decorator.name === 'minLength' && size !== undefined && size < limit)
      add(value.line, `${path} is shorter than ${limit}`);
    if (decorator.name === 'maxLength' && size !== undefined && size > limit)
      add(value.line, `${path} is longer than ${limit}`);
    if (decorator.name === 'minValue' && typeof literal === 'number' && literal < limit)
      add(value.line, `${path} is under ${limit}`);
    if (decorator.name === 'maxValue' && typeof literal === 'number' && literal > limit)
      add(value.line, `${path} is over ${limit}`);
    if (decorator.name === 'allowed' && first?.kind === 'array' && typeof literal === 'number')
      if (!first.items.some((item) => item.kind === 'literal' && item.value === literal))
        add(value.line, `${path}: ${literal} is not among its @allowed`);
  }
};

const checkShape = (
  where: Where,
  given: Shape,
  wanted: Shape,
  path: string,
  line: number,
  add: Add,
): void => {
  if (given.kind === 'any' || wanted.kind === 'any' || given.kind === 'union' || wanted.kind === 'union')
    return;
  if (given.kind === 'alias' || wanted.kind === 'alias') {
    const one = given.kind === 'alias' ? where.names.expand(given) : given;
    const other = wanted.kind === 'alias' ? expandIn(where.project, where.target, wanted) : wanted;
    checkShape(where, one, other, path, line, add);
    return;
  }
  if (given.kind === 'null') return;
  if (given.kind !== wanted.kind) {
    add(line, `${path} takes ${wanted.kind}, not ${given.kind}`);
    return;
  }
  if (given.kind === 'array' && wanted.kind === 'array') {
    checkShape(where, given.item, wanted.item, `${path}[]`, line, add);
    return;
  }
  if (given.kind === 'string' && wanted.kind === 'string' && wanted.literals !== undefined)
    for (const literal of given.literals ?? [])
      if (!wanted.literals.includes(literal))
        add(
          line,
          `${path}: '${literal}' is not one of ${wanted.literals.join(', ')}${didYouMean(literal, wanted.literals)}`,
        );
};

const checkProperties = (
  where: Where,
  value: Extract<Expression, { kind: 'object' }>,
  properties: Map<string, Shape>,
  path: string,
  add: Add,
): void => {
  for (const property of value.properties) {
    const shape = properties.get(property.name ?? '');
    if (shape === undefined)
      add(
        property.line,
        `${path}: no property ${property.name}${didYouMean(property.name ?? '', properties.keys())}`,
      );
    else {
      const given = where.names.infer(property.value, where.scope);
      checkShape(
        where,
        withoutNull(given),
        withoutNull(shape),
        `${path}.${property.name}`,
        property.line,
        add,
      );
    }
  }
  for (const [name, shape] of properties)
    if (!isNullable(shape) && !value.properties.some((property) => property.name === name))
      add(value.line, `${path}.${name} is required and missing`);
};

/** The values that a .bicepparam file gives to the template it names. */
const checkValues = (project: Project, file: BicepFile, add: Add): void => {
  const target = fileAt(project, resolvePath(file.path, file.using ?? ''));
  if (target === undefined) {
    add(1, `${file.using} is no readable file`);
    return;
  }
  const names = inference(project, file, undefined, () => {});
  const where = { project, file, target, names, scope: new Map() };
  for (const { name, value, line } of file.variables) {
    const param = target.params.find((candidate) => candidate.name === name);
    if (param === undefined)
      add(
        line,
        `${file.using} has no param ${name}${didYouMean(
          name,
          target.params.map((each) => each.name),
        )}`,
      );
    else {
      const item = expandIn(project, target, param.shape);
      checkArgument(where, param, value, name, add);
      if (value.kind === 'array' && item.kind === 'array') {
        const each = expandIn(project, target, item.item);
        for (const [i, entry] of value.items.entries())
          if (entry.kind === 'object' && each.kind === 'object' && each.properties !== undefined)
            checkProperties(where, entry, each.properties, `${name}[${i}]`, add);
      }
    }
  }
  for (const param of target.params)
    if (isRequired(project, target, param) && !file.variables.some(({ name }) => name === param.name))
      add(1, `the required param ${param.name} has no value`);
};

const checkLoad = (
  project: Project,
  file: BicepFile,
  call: Extract<Expression, { kind: 'call' }>,
  add: Add,
): void => {
  const [first] = call.args;
  if (first?.kind !== 'literal') {
    add(call.line, `${call.name} takes a literal path: it runs at compile time`);
    return;
  }
  const path = resolvePath(file.path, String(first.value));
  const text = project.texts.get(path);
  if (text === undefined) {
    add(call.line, `${call.name}: there is no ${path}`);
    return;
  }
  if (text.length > 131_072) add(call.line, `${path} is over 131,072 characters`);
  if (call.name !== 'loadJsonContent') return;
  try {
    JSON.parse(text);
  } catch (cause) {
    add(call.line, `${path} is not JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
};
