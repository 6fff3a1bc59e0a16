import type { Config } from '../config/config.ts';
import type { Prover, ProverPorts } from '../prove/prover.ts';
import { configuredNames } from './configuredNames.ts';

export const proverOf = async (config: Config, ports: ProverPorts, ending?: AbortSignal): Promise<Prover> => {
  const { createProver } = await import('../prove/prover.ts');
  const { clients, dailyReportHourUtc, policyOf } = config;
  const vaultName = (vaultUrl: string): string => policyOf(vaultUrl).name;
  return createProver(
    { clients, dailyReportHourUtc, vaultName, isConfiguredName: configuredNames(config), ending },
    ports,
  );
};
