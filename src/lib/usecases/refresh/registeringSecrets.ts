import type { SecretRegister } from '../../ports/secretRegister.ts';
import type { RefreshPorts } from './refreshPorts.ts';

/** Ports that name every secret value they hand over, and a way to forget them all. */
export interface RegisteringPorts<P extends RefreshPorts> {
  readonly ports: P;
  forget(): void;
}

/** Wraps the ports of one attempt: what they read or receive can then not leave in telemetry, whatever its shape. */
export const registeringSecrets = <P extends RefreshPorts>(
  ports: P,
  secrets: SecretRegister,
): RegisteringPorts<P> => {
  const held: (() => void)[] = [];
  const hold = (value: string | undefined): void => {
    if (value !== undefined) held.push(secrets.registerSecret(value));
  };
  const { vault, server, seal, clientAuthentication } = ports;
  return {
    ports: {
      ...ports,
      vault: {
        ...vault,
        async readLatest(secret) {
          const read = await vault.readLatest(secret);
          if (read.ok) hold(read.latest.value);
          return read;
        },
        async readVersion(secret, version) {
          const read = await vault.readVersion(secret, version);
          if (read.ok) hold(read.token.value);
          return read;
        },
      },
      server: {
        async refresh(call) {
          const answer = await server.refresh(call);
          if (answer.kind === 'tokens') {
            hold(answer.refreshToken);
            hold(answer.accessToken);
          }
          return answer;
        },
      },
      seal: {
        ...seal,
        async unseal(envelope, grantId) {
          const opened = await seal.unseal(envelope, grantId);
          if (opened.ok) hold(opened.plaintext);
          return opened;
        },
      },
      clientAuthentication: {
        async resolve(grant) {
          const resolved = await clientAuthentication.resolve(grant);
          if (resolved.ok && 'clientSecret' in resolved.clientAuthentication) {
            hold(resolved.clientAuthentication.clientSecret);
          }
          return resolved;
        },
      },
    },
    forget() {
      for (const release of held.splice(0)) release();
    },
  };
};
