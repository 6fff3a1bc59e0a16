import type { BicepFile, Expression, Fault, Resource } from './model.ts';
import { fullType } from './project.ts';
import { type AllowedRole, allowedRoles, refresherDataActions } from './roleAllowList.ts';
import { walk } from './walk.ts';

/**
 * Every role assignment is on the allow-list (which role, to whom, on what, under which condition), says why in a
 * comment above it, and the custom role holds the listed operations and no others.
 *
 * @param files all files of the project: an assignment that is on the list and in no file is a fault too.
 */
export const checkRoles = (files: readonly BicepFile[]): Fault[] => {
  const faults: Fault[] = [];
  const seen = new Set<AllowedRole>();
  for (const file of files)
    for (const resource of file.resources) {
      const add = (line: number, message: string) =>
        faults.push({ path: file.path, line, check: 'role', message: `${resource.name}: ${message}` });
      const { type } = fullType(resource);
      if (type === 'Microsoft.Authorization/roleDefinitions' && !resource.existing)
        checkDefinition(resource, add);
      if (type !== 'Microsoft.Authorization/roleAssignments') continue;
      const found = assignment(file, resource);
      const allowed = allowedRoles.find(
        (each) =>
          each.file === file.path && each.role === found.role && each.to === found.to && each.on === found.on,
      );
      if (allowed === undefined)
        add(resource.line, `the role ${found.role} to ${found.to} on ${found.on} is not on the allow-list`);
      else seen.add(allowed);
      if (allowed !== undefined && found.condition !== (allowed.condition ?? ''))
        add(resource.line, `its condition is not the allowed one: ${found.condition || '(none)'}`);
      if (found.definition !== "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', …)")
        add(resource.line, 'roleDefinitionId is not the id of a role definition');
      if (found.condition !== '' && found.conditionVersion !== '2.0')
        add(resource.line, 'a condition needs conditionVersion 2.0');
      if (!resource.comment.startsWith('Why: ')) add(resource.line, 'no comment says why ("// Why: …")');
      if (found.principalType !== 'ServicePrincipal')
        add(
          resource.line,
          'principalType must be ServicePrincipal: without it a fresh identity may not be found yet',
        );
    }
  for (const role of allowedRoles)
    if (!seen.has(role) && files.some(({ path }) => path === role.file))
      faults.push({
        path: role.file,
        line: 1,
        check: 'role',
        message: `the allow-list has the role ${role.role} to ${role.to} on ${role.on}, but nothing assigns it`,
      });
  return faults;
};

const value = (resource: Resource, name: string): Expression | undefined => {
  const properties = resource.body.properties.find((property) => property.name === 'properties')?.value;
  return properties?.kind === 'object'
    ? properties.properties.find((property) => property.name === name)?.value
    : undefined;
};

const assignment = (file: BicepFile, resource: Resource) => {
  const scope = resource.body.properties.find((property) => property.name === 'scope')?.value;
  const text = (name: string) => written(file, value(resource, name));
  return {
    role: roleOf(file, value(resource, 'roleDefinitionId')),
    definition: definitionOf(file, value(resource, 'roleDefinitionId')),
    to: text('principalId'),
    on: scope === undefined ? file.targetScope : written(file, scope),
    condition: text('condition'),
    conditionVersion: text('conditionVersion'),
    principalType: text('principalType'),
  };
};

/** A name or text as written; a variable is followed to its text, the holes of an interpolation to their names. */
const written = (file: BicepFile, expression: Expression | undefined): string => {
  switch (expression?.kind) {
    case 'literal':
      return String(expression.value);
    case 'interpolated':
      return expression.parts
        .map((part) => (part.kind === 'name' ? `{${part.name}}` : written(file, part)))
        .join('');
    case 'nested':
      return `${written(file, expression.object)}::${expression.resource}`;
    case 'name': {
      const variable = file.variables.find(({ name }) => name === expression.name);
      return variable === undefined ? expression.name : written(file, variable.value);
    }
  }
  return '';
};

/** The GUID of a built-in role, or the param that names a custom one. */
const roleOf = (file: BicepFile, expression: Expression | undefined): string => {
  const found: string[] = [];
  const visit = (root: Expression | undefined): void => {
    if (root === undefined) return;
    walk(root, (inner) => {
      if (inner.kind === 'literal' && /^[0-9a-f-]{36}$/.test(String(inner.value)))
        found.push(String(inner.value));
      if (inner.kind !== 'name') return;
      const variable = file.variables.find(({ name }) => name === inner.name);
      if (variable === undefined) found.push(inner.name);
      else visit(variable.value);
    });
  };
  visit(expression);
  return found.join(' ') || '(none)';
};

/** `subscriptionResourceId('Microsoft.Authorization/roleDefinitions', …)`, variables followed. */
const definitionOf = (file: BicepFile, expression: Expression | undefined): string => {
  const variable =
    expression?.kind === 'name' ? file.variables.find(({ name }) => name === expression.name) : undefined;
  if (variable !== undefined) return definitionOf(file, variable.value);
  if (expression?.kind !== 'call') return '';
  return `${expression.name}('${written(file, expression.args[0])}', …)`;
};

const checkDefinition = (resource: Resource, add: (line: number, message: string) => void): void => {
  const operations: string[] = [];
  const permissions = value(resource, 'permissions');
  if (permissions !== undefined)
    walk(permissions, (inner) => {
      if (inner.kind === 'literal') operations.push(String(inner.value));
    });
  const extra = operations.filter((operation) => !refresherDataActions.includes(operation));
  const missing = refresherDataActions.filter((operation) => !operations.includes(operation));
  if (extra.length > 0) add(resource.line, `the custom role may also ${extra.join(', ')}`);
  if (missing.length > 0) add(resource.line, `the custom role may not ${missing.join(', ')}`);
};
