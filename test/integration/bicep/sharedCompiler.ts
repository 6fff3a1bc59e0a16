import { type BicepCompiler, startBicepCompiler } from '../../../scripts/bicep/bicepCompiler.ts';
import { ASKED } from '../../../scripts/bicep/compileInfra.ts';

let started: Promise<BicepCompiler> | undefined;

/** One for all files that a process of vitest runs: its start costs as much as ten answers. */
export const sharedCompiler = (program: string): Promise<BicepCompiler> => {
  started ??= startBicepCompiler(program, ASKED);
  return started;
};
