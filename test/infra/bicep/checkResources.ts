import { checkBody } from './checkValue.ts';
import { inference } from './infer.ts';
import type { BicepFile, Fault, Resource } from './model.ts';
import type { OfficialTypes } from './officialTypes.ts';
import { fullType, type Project } from './project.ts';

/**
 * What a service refuses to do without, although the official definition has no such property.
 *
 * @see https://github.com/Azure/bicep-types-az/issues/1571
 */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': ['location'],
};

/** Checks each resource of a file against the official definition of its type. */
export const checkResources = (project: Project, file: BicepFile, types: OfficialTypes): Fault[] => {
  const faults: Fault[] = [];
  for (const resource of file.resources) {
    const complain = (line: number, message: string) =>
      faults.push({ path: file.path, line, check: 'resource', message: `${resource.name}: ${message}` });
    const { type, apiVersion } = fullType(resource);
    const body = types.body(type, apiVersion);
    if (body === undefined) {
      // Of a type that the folder has at no version only the compiler knows anything.
      const versions = versionsOf(type, types);
      if (versions.length > 0)
        complain(
          resource.line,
          `${type} has no API version ${apiVersion || '(none given)'} here, only ${versions.join(', ')}`,
        );
      continue;
    }
    checkParent(file, resource, type, complain);
    if (resource.existing) {
      checkExisting(resource, complain);
      continue;
    }
    const names = inference(project, file, types, () => {});
    const scope = resource.loop === undefined ? new Map() : names.inLoop(resource.loop, new Map());
    const variable = (name: string) => file.variables.find((candidate) => candidate.name === name)?.value;
    const lacking = LACKING[type] ?? [];
    for (const name of lacking)
      if (!resource.body.properties.some((property) => property.name === name))
        complain(resource.line, `${name} is required by the service and missing`);
    checkBody({ inference: names, variable, complain }, resource.body, body, scope, lacking);
  }
  return faults;
};

type Complain = (line: number, message: string) => void;

const versionsOf = (type: string, types: OfficialTypes): (string | undefined)[] =>
  types.names
    .filter((name) => name.toLowerCase().startsWith(`${type.toLowerCase()}@`))
    .map((name) => name.split('@')[1]);

/** A child type stands in its parent or names it; `name` must be given, and without slashes. */
const checkParent = (file: BicepFile, resource: Resource, type: string, complain: Complain): void => {
  const property = (name: string) => resource.body.properties.find((candidate) => candidate.name === name);
  const name = property('name');
  if (name === undefined) complain(resource.line, 'name is required and missing');
  const parent = property('parent');
  if (type.split('/').length > 2 && parent === undefined && resource.inside === undefined)
    complain(resource.line, `${type} needs a parent`);
  if (parent === undefined) return;
  const target = parent.value.kind === 'index' ? parent.value.object : parent.value;
  const named = target.kind === 'name' ? file.resources.find(({ name }) => name === target.name) : undefined;
  if (named === undefined) {
    complain(parent.line, 'parent names no resource of this file');
    return;
  }
  const expected = type.split('/').slice(0, -1).join('/');
  if (fullType(named).type.toLowerCase() !== expected.toLowerCase())
    complain(parent.line, `parent is a ${fullType(named).type}, but the parent of ${type} is a ${expected}`);
};

const checkExisting = (resource: Resource, complain: Complain): void => {
  for (const property of resource.body.properties)
    if (!['name', 'scope', 'parent'].includes(property.name ?? ''))
      complain(property.line, `${property.name} cannot be set on an existing resource`);
};
