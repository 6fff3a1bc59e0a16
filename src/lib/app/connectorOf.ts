import type { Config } from '../config/config.ts';
import { type Connection, type ConnectRequest, connectWithBrowser } from '../connect/connector.ts';
import { type PastedAddressOptions, pastedAddress } from '../connect/pastedAddress.ts';
import type { ProverPorts } from '../prove/prover.ts';
import type { RefresherPorts } from '../refresh/refresher.ts';
import type { Connections } from './connections.ts';
import { refresherOf } from './refresherOf.ts';

/**
 * Connects the grants of a configuration.
 * @param pasted absent: the browser comes back to this machine
 */
export const connectorOf = (
  config: Config,
  ports: RefresherPorts & ProverPorts & Pick<Connections, 'consents'>,
  pasted?: PastedAddressOptions,
): ((request: ConnectRequest) => Promise<Connection>) => {
  const { telemetry, secrets, clock } = ports;
  const { server } = ports.consents;
  const refresher = refresherOf(config, ports);
  return async (request) => {
    const { loopbackBrowser } = await import('../connect/loopback/loopbackBrowser.ts');
    const browser = pasted === undefined ? loopbackBrowser({ clock }) : pastedAddress(pasted);
    return connectWithBrowser({ telemetry, secrets, browser, server, refresher }, request);
  };
};
