import type { CallersPorts } from '../callers/callers.ts';
import type { KeySet, TokenSignature } from '../callers/ports.ts';
import { createSigningKeys } from '../callers/signingKeys.ts';
import type { Config } from '../config/config.ts';
import { identityProviderOf } from './identityProvider.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';

type CallersPlatform = Pick<Platform, 'clock' | 'telemetry' | 'identityProvider' | 'refresher'>;

/** What it takes to know callers; absent where nobody may call. */
export const connectCallers = (config: Config, platform: CallersPlatform): CallersPorts | undefined => {
  const provider = identityProviderOf(config, platform);
  if (provider === undefined) return undefined;
  const { clock, telemetry } = platform;
  const { allowLoopback } = config;
  const keySet = openedOnUse<KeySet>({ load: true }, async () => {
    const { httpKeySet } = await import('../callers/entra/httpKeySet.ts');
    return httpKeySet({ url: provider.jwksUri, allowLoopback });
  });
  const signature = openedOnUse<TokenSignature>({ verify: true }, async () => {
    const { joseSignature } = await import('../callers/entra/joseSignature.ts');
    return joseSignature;
  });
  const keys = createSigningKeys({ keySet, clock, telemetry });
  return { bearer: { provider, keys, signature, clock }, sessions: undefined };
};
