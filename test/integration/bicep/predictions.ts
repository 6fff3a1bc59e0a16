import { join } from 'node:path';
import { beforeAll } from 'vitest';
import type { BicepCompiler, Predicted } from '../../../scripts/bicep/bicepCompiler.ts';
import { TEMPLATE } from '../../../scripts/bicep/compileInfra.ts';
import { linesOf, type Params, REPORTED } from './params.ts';
import { sharedCompiler } from './sharedCompiler.ts';

const COMPILED = join(import.meta.dirname, '../../..', TEMPLATE);

export const OTHERS =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-others/providers';

export const ofType = (resources: readonly Predicted[], type: string): Predicted[] =>
  resources.filter((resource) => resource.type.toLowerCase() === type.toLowerCase());

/** The one resource of a type whose name contains `name`. */
export const one = (resources: readonly Predicted[], type: string, name = ''): Predicted => {
  const [found, ...more] = ofType(resources, type).filter((resource) => resource.name.includes(name));
  if (found === undefined || more.length > 0) throw new Error(`${type} ${name}: not one of it`);
  return found;
};

export const lastOf = (id: string): string => id.split('/').at(-1) ?? '';

/** Names end in thirteen letters that are unique to the deployment. */
export const withoutSuffix = (name: string): string => name.replace(/-\w{13}$/, '');

const worked = new Map<string, Promise<Predicted[]>>();

/** Lets a suite work out deployments of the compiled template, each set of parameters once in a process. */
export const startDeployments = (program: string): ((given?: Params) => Promise<Predicted[]>) => {
  let compiler: BicepCompiler;
  beforeAll(async () => {
    compiler = await sharedCompiler(program);
  });
  return (given = {}) => {
    const lines = linesOf({ ...REPORTED, ...given });
    const resources = worked.get(lines) ?? compiler.predict(COMPILED, lines);
    worked.set(lines, resources);
    return resources;
  };
};
