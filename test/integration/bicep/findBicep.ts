import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** The version that `.ci/bicep.csproj` names. */
export const BICEP_VERSION = '0.49.2';

/** Where `dotnet restore .ci/bicep.csproj` puts the compiler. */
const RESTORED = `node_modules/.bicep/azure.bicep.commandline.linux-x64/${BICEP_VERSION}/tools/bicep`;

const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The Bicep compiler of this machine: the one that `BICEP` names, the one that `.ci/run` restored, or the first on
 * `PATH`.
 *
 * @returns its path, or undefined where there is none.
 * @throws Error if `BICEP` names something that cannot be run: whoever set it meant it.
 */
export const findBicep = (env: NodeJS.ProcessEnv): string | undefined => {
  const { BICEP: named = '', PATH: path = '' } = env;
  if (named !== '' && !isRunnable(named))
    throw new Error(`BICEP names ${named}, which is no program that can be run`);
  const candidates = [
    ...(named === '' ? [] : [named]),
    join(ROOT, RESTORED),
    ...path
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, 'bicep')),
  ];
  return candidates.find(isRunnable);
};
