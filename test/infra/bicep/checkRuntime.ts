import type { BicepFile, Expression, Fault } from './model.ts';
import { rootExpressions, walk } from './walk.ts';

/**
 * BCP120, BCP177, BCP178, BCP181, BCP182: names, scopes, conditions, what a loop runs over, what a list function is
 * asked for and the top-level words of a resource are needed before anything is deployed, so they cannot come from a module's output or from what a resource, also one
 * that exists already, says of itself.
 */
export const checkRuntime = (file: BicepFile): Fault[] => {
  const faults: Fault[] = [];
  const late = lateNames(file);
  const check = (expression: Expression | undefined, what: string) => {
    if (expression === undefined) return;
    walk(expression, (inner) => {
      if (isLate(file, inner) || (inner.kind === 'name' && late.has(inner.name)))
        faults.push({
          path: file.path,
          line: inner.line,
          check: 'runtime',
          message: `${what} is needed before the deployment starts, and this is known only later`,
        });
    });
  };
  for (const declared of [...file.resources, ...file.modules]) {
    check(declared.condition, `the condition of ${declared.name}`);
    const early = 'path' in declared ? EARLY_OF_MODULES : EARLY_OF_RESOURCES;
    for (const property of declared.body.properties)
      if (early.has(property.name ?? '')) check(property.value, `the ${property.name} of ${declared.name}`);
  }
  for (const root of rootExpressions(file))
    walk(root, (inner) => {
      if (inner.kind === 'loop') check(inner.over, `what a loop over ${inner.item} runs over`);
      if (inner.kind === 'call' && inner.name.startsWith('list'))
        for (const arg of inner.args) check(arg, `what ${inner.name}() is asked for`);
    });
  for (const variable of file.variables)
    if (variable.value.kind === 'loop') check(variable.value, `the loop of the variable ${variable.name}`);
  return faults;
};

const EARLY_OF_MODULES: ReadonlySet<string> = new Set(['name', 'scope']);

/** What the compiler wants to know of a resource at the start, beside its name; `properties` may come later. */
const EARLY_OF_RESOURCES: ReadonlySet<string> = new Set([
  'name',
  'scope',
  'parent',
  'location',
  'kind',
  'subscriptionId',
  'resourceGroup',
  'managedBy',
  'managedByExtended',
  'extendedLocation',
  'zones',
  'placement',
  'plan',
  'sku',
  'identity',
  'tags',
]);

/** The property that `x.y` or `x['y']` reads. */
const readProperty = (expression: Expression): string | undefined => {
  if (expression.kind === 'member') return expression.property;
  if (expression.kind !== 'index' || expression.index.kind !== 'literal') return undefined;
  return typeof expression.index.value === 'string' ? expression.index.value : undefined;
};

/** A read of a module's outputs, or of a property of a resource other than those known in advance. */
const isLate = (file: BicepFile, expression: Expression): boolean => {
  if (expression.kind === 'call' && expression.name.startsWith('list')) return true;
  const property = readProperty(expression);
  if (property === undefined || (expression.kind !== 'member' && expression.kind !== 'index')) return false;
  let object = expression.object;
  while (object.kind === 'index' || object.kind === 'notNull')
    object = object.kind === 'index' ? object.object : object.value;
  if (object.kind !== 'name' && object.kind !== 'nested') return false;
  const name = object.kind === 'name' ? object.name : object.resource;
  if (file.modules.some((module) => module.name === name)) return property !== 'name';
  const resource = file.resources.some((candidate) => candidate.name === name);
  return resource && !/^(id|name|type|apiVersion)$/.test(property);
};

/** Variables that hold such a value, directly or through another variable. */
const lateNames = (file: BicepFile): ReadonlySet<string> => {
  const late = new Set<string>();
  for (let before = -1; before !== late.size; ) {
    before = late.size;
    for (const variable of file.variables)
      walk(variable.value, (inner) => {
        if (isLate(file, inner) || (inner.kind === 'name' && late.has(inner.name))) late.add(variable.name);
      });
  }
  return late;
};
