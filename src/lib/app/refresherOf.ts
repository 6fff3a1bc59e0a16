import type { Config } from '../config/config.ts';
import { createRefresher, type Refresher, type RefresherPorts } from '../refresh/refresher.ts';
import { configuredNames } from './configuredNames.ts';

/** The refresher of a configuration. */
export const refresherOf = (config: Config, ports: RefresherPorts, ending?: AbortSignal): Refresher =>
  createRefresher({ grants: config.grants, isConfiguredName: configuredNames(config), ending }, ports);
