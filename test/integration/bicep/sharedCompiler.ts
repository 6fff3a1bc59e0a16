import { type BicepCompiler, startBicepCompiler } from '../../../scripts/bicep/bicepCompiler.ts';
import { ASKED } from '../../../scripts/bicep/compileInfra.ts';

let started: Promise<BicepCompiler> | undefined;

/** One for all tests of a process. */
export const sharedCompiler = (program: string): Promise<BicepCompiler> => {
  started ??= startBicepCompiler(program, ASKED);
  return started;
};
