import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The version that `.ci/bicep.csproj` names, with which the committed template is compiled. */
export const BICEP_VERSION = '0.49.2';

/** Where `dotnet restore .ci/bicep.csproj` puts the compiler. */
const RESTORED = `node_modules/.bicep/azure.bicep.commandline.linux-x64/${BICEP_VERSION}/tools/bicep`;

/** How to get a compiler, for whoever has none. */
export const GET_BICEP =
  'Get the Bicep compiler in one of these ways: "dotnet restore .ci/bicep.csproj" (64-bit Linux), "az bicep install", ' +
  'a bicep on the PATH (https://aka.ms/bicep-install), or name one: BICEP=/path/to/bicep.';

const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The Bicep compiler of this machine: the one that `BICEP` names, the one that `.ci/run` restored, the first on `PATH`,
 * or the one that "az bicep install" brought.
 *
 * @returns its path, or undefined where there is none.
 * @throws Error if `BICEP` names something that cannot be run: whoever set it meant it.
 */
export const findBicep = (env: NodeJS.ProcessEnv): string | undefined => {
  const { BICEP: named = '', PATH: path = '', HOME: home = '', USERPROFILE: profile = '' } = env;
  if (named !== '' && !isRunnable(named))
    throw new Error(`BICEP names ${named}, which is no program that can be run`);
  const program = process.platform === 'win32' ? 'bicep.exe' : 'bicep';
  const folders = [
    ...path.split(delimiter),
    ...[home, profile].map((each) => each && join(each, '.azure/bin')),
  ];
  const candidates = [
    ...(named === '' ? [] : [named]),
    join(ROOT, RESTORED),
    ...folders.filter((folder) => folder !== '').map((folder) => join(folder, program)),
  ];
  return candidates.find(isRunnable);
};
