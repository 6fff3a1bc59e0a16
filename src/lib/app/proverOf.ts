import type { Config } from '../config/config.ts';
import type { Prover, ProverPorts } from '../prove/prover.ts';
import { configuredNames } from './configuredNames.ts';

/** The prover of a configuration. */
export const proverOf = async (config: Config, ports: ProverPorts, ending?: AbortSignal): Promise<Prover> => {
  const { createProver } = await import('../prove/prover.ts');
  const { clients, dailyReportHourUtc } = config;
  return createProver(
    { clients, dailyReportHourUtc, isConfiguredName: configuredNames(config), ending },
    ports,
  );
};
