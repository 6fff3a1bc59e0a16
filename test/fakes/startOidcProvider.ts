import { createServer } from 'node:http';
import { type Configuration, Provider } from 'oidc-provider';
import { afterAll } from 'vitest';
import { listen, stop } from '../../src/local/listen.ts';

/** A real authorization server on this machine. @returns the address of its token endpoint */
export const startOidcProvider = async ({ features, ...more }: Configuration): Promise<string> => {
  const server = createServer();
  const issuer = await listen(server, 0);
  const provider = new Provider(issuer, {
    ...more,
    features: { devInteractions: { enabled: false }, ...features },
  });
  server.on('request', provider.callback());
  afterAll(() => stop(server));
  return `${issuer}/token`;
};
