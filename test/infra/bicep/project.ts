import { posix } from 'node:path';
import type { BicepFile, Fault, Resource } from './model.ts';
import { parseBicep, syntaxFaults } from './parseBicep.ts';
import { readBicep } from './readBicep.ts';

/** Every file of the infrastructure by its path from the repository's root, and what could be read of it. */
export interface Project {
  /** Text of every file, Bicep or not. */
  texts: ReadonlyMap<string, string>;
  files: BicepFile[];
  /** Files that could not be read. */
  faults: Fault[];
}

export const readProject = (texts: ReadonlyMap<string, string>): Project => {
  const files: BicepFile[] = [];
  const faults: Fault[] = [];
  for (const [path, text] of texts) {
    if (!/\.bicep(param)?$/.test(path)) continue;
    parseBicep(path, text, (root) => {
      const found = syntaxFaults(path, root);
      faults.push(...found);
      if (found.length === 0) files.push(readBicep(path, root));
    });
  }
  return { texts, files, faults };
};

/** The path that a relative reference in a file leads to. */
export const resolvePath = (from: string, reference: string): string =>
  posix.join(posix.dirname(from), reference);

export const fileAt = (project: Project, path: string): BicepFile | undefined =>
  project.files.find((file) => file.path === path);

/** Full type and API version of a resource: a nested one or one with `parent` takes them from its parent. */
export const fullType = (resource: Resource): { type: string; apiVersion: string } => {
  if (resource.inside === undefined || resource.type.includes('/') || resource.type.includes('.'))
    return { type: resource.type, apiVersion: resource.apiVersion ?? '' };
  const outer = fullType(resource.inside);
  return { type: `${outer.type}/${resource.type}`, apiVersion: resource.apiVersion ?? outer.apiVersion };
};

/** Type declarations that a file can name: its own and those it imports. */
export const visibleTypes = (project: Project, file: BicepFile) => {
  const own = file.types.map((type) => [type.name, type.shape] as const);
  const imported = file.imports.flatMap((statement) => {
    const source = fileAt(project, resolvePath(file.path, statement.from));
    return (source?.types ?? [])
      .filter((type) => statement.names.includes(type.name))
      .map((type) => [type.name, type.shape] as const);
  });
  return new Map([...own, ...imported]);
};
