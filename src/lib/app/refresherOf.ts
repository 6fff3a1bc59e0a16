import type { Config } from '../config/config.ts';
import { once } from '../kernel/once.ts';
import type { ProverPorts } from '../prove/prover.ts';
import { createRefresher, type Refresher, type RefresherPorts } from '../refresh/refresher.ts';
import { configuredNames } from './configuredNames.ts';
import { proverOf } from './proverOf.ts';

/** The refresher of a configuration, with the prover that tries its new access tokens. */
export const refresherOf = (
  config: Config,
  ports: RefresherPorts & ProverPorts,
  ending?: AbortSignal,
): Refresher => {
  const prover = once(() => proverOf(config, ports, ending));
  return createRefresher(
    {
      grants: config.grants,
      isConfiguredName: configuredNames(config),
      ending,
      proveToken: async (...given) => (await prover()).proveToken(...given),
    },
    ports,
  );
};
