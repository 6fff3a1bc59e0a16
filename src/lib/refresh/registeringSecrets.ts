import { type HoldSecret, holdAnswered, holdingCredentials } from '../oauth/holdingCredentials.ts';
import type { SecretRegister } from '../telemetry/secretRegister.ts';
import type { RefreshPorts } from './ports.ts';

/** Ports that name every secret value they hand over, and a way to forget them all. */
export interface RegisteringPorts<P extends RefreshPorts> {
  readonly ports: P;
  forget(): void;
}

/**
 * Wraps the ports of one attempt: what they read or receive can then not leave in telemetry, whatever its shape.
 * What is a name of the config, or part of one, is no secret and stays readable; and as an authorization server
 * chooses its tokens, they are looked for in words for people only.
 * @param isConfiguredName whether a value occurs in any name of the config
 */
export const registeringSecrets = <P extends RefreshPorts>(
  ports: P,
  secrets: SecretRegister,
  isConfiguredName: (value: string) => boolean = () => false,
): RegisteringPorts<P> => {
  const held: (() => void)[] = [];
  const hold: HoldSecret = (value, origin) => {
    if (!isConfiguredName(value)) held.push(secrets.registerSecret(value, origin));
  };
  const { vault, server, seal, clientCredentials } = ports;
  return {
    ports: {
      ...ports,
      vault: {
        ...vault,
        async readLatest(secret) {
          const read = await vault.readLatest(secret);
          if (read.ok) hold(read.latest.value, 'token');
          return read;
        },
        async readVersion(secret, version) {
          const read = await vault.readVersion(secret, version);
          if (read.ok) hold(read.token.value, 'token');
          return read;
        },
      },
      server: {
        async refresh(call) {
          const answer = await server.refresh(call);
          if (answer.kind === 'tokens') {
            holdAnswered(answer.refreshToken, hold);
            holdAnswered(answer.accessToken, hold);
          }
          return answer;
        },
      },
      seal: {
        ...seal,
        async unseal(envelope, grantId) {
          const opened = await seal.unseal(envelope, grantId);
          if (opened.ok) hold(opened.plaintext, 'token');
          return opened;
        },
      },
      clientCredentials: holdingCredentials(clientCredentials, hold),
    },
    forget() {
      for (const release of held.splice(0)) release();
    },
  };
};
