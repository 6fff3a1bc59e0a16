import { checkBounds } from './checkBounds.ts';
import { checkCycles } from './checkCycles.ts';
import { checkDecorators } from './checkDecorators.ts';
import { checkKinds } from './checkKinds.ts';
import { checkLinter } from './checkLinter.ts';
import { checkModules } from './checkModules.ts';
import { checkNames } from './checkNames.ts';
import { checkOutputs } from './checkOutputs.ts';
import { checkPlaces } from './checkPlaces.ts';
import { checkResources } from './checkResources.ts';
import { checkRoles } from './checkRoles.ts';
import { checkRuntime } from './checkRuntime.ts';
import { checkSecrets } from './checkSecrets.ts';
import { checkSymbols } from './checkSymbols.ts';
import type { Fault } from './model.ts';
import type { OfficialTypes } from './officialTypes.ts';
import { type Project, readProject } from './project.ts';

/**
 * Runs every check over the infrastructure.
 *
 * @param texts every file under infra/ by its path from the repository's root.
 * @param types the official definitions; undefined leaves out what needs them.
 */
export const checkProject = (
  texts: ReadonlyMap<string, string>,
  types: OfficialTypes | undefined,
): Fault[] => {
  const project: Project = readProject(texts);
  // What goes in a circle would keep the other checks going round.
  const cycles = checkCycles(project);
  if (cycles.length > 0) return [...project.faults, ...cycles];
  return [
    ...project.faults,
    ...project.files.flatMap((file) => [
      ...(types === undefined ? [] : checkResources(project, file, types)),
      ...checkSymbols(project, file, types),
      ...checkModules(project, file, types),
      ...checkKinds(project, file, types),
      ...checkNames(file),
      ...checkPlaces(file),
      ...checkDecorators(file),
      ...checkBounds(file),
      ...checkRuntime(file),
      ...checkSecrets(file),
      ...checkLinter(file),
    ]),
    ...checkOutputs(project),
    ...checkRoles(project.files),
  ];
};

/** `infra/main.bicep:12 [resource] …`, one line a fault. */
export const formatFault = ({ path, line, check, message }: Fault): string =>
  `${path}:${line} [${check}] ${message}`;
