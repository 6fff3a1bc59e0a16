import { isLoopback } from '../kernel/vaultUrl.ts';

export interface LoopbackSwitches {
  readonly allowInsecureConnection?: true;
  readonly disableChallengeResourceVerification?: true;
}

/**
 * The SDK switches without which the local stand-in cannot be reached, and with which a token could
 * be sent anywhere in the clear: on for a loopback vault in local mode, never otherwise.
 * @throws when a loopback vault is asked for outside local mode
 */
export const loopbackSwitches = (vaultUrl: string, allowLoopback: boolean): LoopbackSwitches => {
  if (!isLoopback(vaultUrl)) return {};
  if (!allowLoopback) throw new Error(`${vaultUrl} is this machine: it is reached in local mode only`);
  return { allowInsecureConnection: true, disableChallengeResourceVerification: true };
};

/**
 * The origin of an Azure API.
 * @throws Error for one without TLS, unless it is this machine and that is allowed
 */
export const serviceOrigin = (endpoint: string, allowLoopback: boolean): string => {
  const { origin, protocol } = new URL(endpoint);
  if (protocol === 'https:' || (allowLoopback && isLoopback(origin))) return origin;
  throw new Error(`${origin} is not encrypted`);
};
