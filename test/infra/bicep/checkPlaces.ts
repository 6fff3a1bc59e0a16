import type { BicepFile, Expression, Fault, Module, Resource } from './model.ts';
import { fullType } from './project.ts';
import { rootExpressions, walk } from './walk.ts';

type Add = (line: number, message: string) => void;

/** What the compiler takes in some places only; each rule says the number of the error that it stands for. */
export const checkPlaces = (file: BicepFile): Fault[] => {
  const faults: Fault[] = [];
  const add: Add = (line, message) => faults.push({ path: file.path, line, check: 'place', message });
  for (const resource of file.resources) checkResource(file, resource, add);
  for (const declared of [...file.resources, ...file.modules]) checkDependsOn(file, declared, add);
  checkSameName(file, add);
  for (const { name, default: given } of file.params)
    if (given !== undefined)
      walk(given, (inner, local) => {
        if (inner.kind !== 'name' || local.has(inner.name)) return;
        if (!file.params.some((param) => param.name === inner.name))
          add(inner.line, `BCP072: the default of ${name} may ask other params only, not ${inner.name}`);
      });
  const bodies = new Set(
    [...file.resources, ...file.modules].map(({ loop }) => loop as Expression | undefined),
  );
  for (const root of rootExpressions(file))
    walk(root, (expression) => {
      if (expression.kind === 'loop' && !bodies.has(expression))
        walk(expression.body, (inner) => {
          if (inner.kind === 'loop') add(inner.line, 'BCP142: a loop in a loop of a property: use map()');
        });
      if (expression.kind === 'member' && isCollection(file, expression.object))
        add(expression.line, `BCP144: .${expression.property} of a whole collection: say which, as in [0]`);
      if (expression.kind === 'lambda') checkLambda(file, expression, add);
    });
  checkLambdaPlaces(file, add);
  return faults;
};

const propertyOf = ({ body }: Resource | Module, name: string): Expression | undefined =>
  body.properties.find((property) => property.name === name)?.value;

const isCollection = (file: BicepFile, expression: Expression): boolean =>
  expression.kind === 'name' &&
  [...file.resources, ...file.modules].some(
    ({ name, loop }) => name === expression.name && loop !== undefined,
  );

/** Whether an expression is a resource or module of this file, or one of a collection. */
const isDeclared = (file: BicepFile, expression: Expression): boolean => {
  if (expression.kind === 'nested') return true;
  const object = expression.kind === 'index' ? expression.object : expression;
  return (
    object.kind === 'name' && [...file.resources, ...file.modules].some(({ name }) => name === object.name)
  );
};

const checkResource = (file: BicepFile, resource: Resource, add: Add): void => {
  const name = propertyOf(resource, 'name');
  const texts = name?.kind === 'interpolated' ? name.parts : [name];
  // A child names its parent or stands in it, so that no name needs a slash.
  if (texts.some((text) => text?.kind === 'literal' && String(text.value).includes('/')))
    add(name?.line ?? resource.line, `BCP169, BCP170: the name of ${resource.name} holds a slash`);
  if (resource.inside?.loop !== undefined)
    add(resource.line, `BCP160: ${resource.name} stands inside of a loop: give it a parent instead`);
  const scope = propertyOf(resource, 'scope');
  if (scope === undefined) return;
  if (resource.inside !== undefined || propertyOf(resource, 'parent') !== undefined)
    add(scope.line, `BCP164: the scope of ${resource.name} is that of its parent`);
  const tenant = scope.kind === 'call' && scope.name === 'tenant';
  if (!resource.existing && !tenant && !isDeclared(file, scope))
    add(scope.line, `BCP139: ${resource.name} is deployed here or on a resource: elsewhere takes a module`);
};

const checkDependsOn = (file: BicepFile, declared: Resource | Module, add: Add): void => {
  const dependsOn = propertyOf(declared, 'dependsOn');
  if (dependsOn === undefined) return;
  for (const item of dependsOn.kind === 'array' ? dependsOn.items : [dependsOn])
    if (!isDeclared(file, item))
      add(item.line, `BCP034: ${declared.name} depends on something that is no resource or module`);
};

/** BCP121, BCP122: two that are always made and have one name in one place. */
const checkSameName = (file: BicepFile, add: Add): void => {
  const seen = new Set<string>();
  for (const declared of [...file.resources, ...file.modules]) {
    const name = propertyOf(declared, 'name');
    if (name?.kind !== 'literal' || declared.condition !== undefined) continue;
    const inside = 'inside' in declared ? declared.inside?.name : undefined;
    const place = [propertyOf(declared, 'scope'), propertyOf(declared, 'parent')];
    const key = JSON.stringify(
      ['path' in declared ? 'module' : fullType(declared).type, name.value, inside, place],
      (property, value) => (property === 'line' ? undefined : value),
    );
    if (seen.has(key)) add(declared.line, `BCP121, BCP122: ${declared.name} has the name of another`);
    seen.add(key);
  }
};

/** BCP247, BCP248: what a lambda runs over is not known when a collection or a list function is asked. */
const checkLambda = (file: BicepFile, lambda: Extract<Expression, { kind: 'lambda' }>, add: Add): void => {
  const uses = (expression: Expression): boolean => {
    let found = false;
    walk(expression, (inner) => {
      if (inner.kind === 'name' && lambda.parameters.includes(inner.name)) found = true;
    });
    return found;
  };
  walk(lambda.body, (inner) => {
    if (inner.kind === 'index' && isCollection(file, inner.object) && uses(inner.index))
      add(inner.line, 'BCP247: a lambda picks one of a collection: use a loop');
    if (inner.kind === 'call' && inner.name.startsWith('list') && inner.args.some(uses))
      add(inner.line, `BCP248: a lambda asks ${inner.name}(): use a loop`);
  });
};

/** BCP242: a lambda is an argument of a function and nothing else. */
const checkLambdaPlaces = (file: BicepFile, add: Add): void => {
  const proper = new Set<Expression>();
  for (const root of rootExpressions(file))
    walk(root, (expression) => {
      if (expression.kind === 'call') for (const arg of expression.args) proper.add(arg);
      if (expression.kind === 'lambda' && !proper.has(expression))
        add(expression.line, 'BCP242: a lambda stands only as an argument of a function');
    });
};
