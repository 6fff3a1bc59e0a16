import type { Socket } from 'node:net';
import type { RefreshCall, TokenAnswer } from '../../src/lib/oauth/ports.ts';
import type { ProviderProfile } from '../../src/lib/oauth/rules/providerProfile.ts';
import { tokenEndpoint } from '../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { publicClient } from './clientCredential.ts';
import { manualClock } from './manualClock.ts';
import { strictProfile } from './profiles.ts';
import { type RawHttpServer, startRawHttpServer } from './rawHttpServer.ts';

export const OLD = 'canary-old-token';

export interface RefreshChange extends Partial<Omit<RefreshCall, 'profile'>> {
  readonly profile?: Partial<ProviderProfile>;
  readonly ca?: string;
  /** Absent: where it is http. */
  readonly allowLoopback?: boolean;
}

/** One refresh over the network, by a public client where nothing else is said. */
export const refreshAt = (
  address: string,
  { profile, ca, allowLoopback = address.startsWith('http:'), ...call }: RefreshChange = {},
): Promise<TokenAnswer> =>
  tokenEndpoint({ clock: manualClock(), allowLoopback, ca }).refresh({
    grantId: 'partner-eu',
    profile: strictProfile({ tokenEndpoint: address, ...profile }),
    clientId: 'client 1',
    authenticate: publicClient,
    refreshToken: OLD,
    timeoutMs: 5000,
    ...call,
  });

/** The same at a server that answers in this way. */
export const refreshAgainst = async (
  answering: (socket: Socket) => void,
  change: RefreshChange = {},
): Promise<{ answer: TokenAnswer; server: RawHttpServer }> => {
  const server = await startRawHttpServer(answering);
  return { answer: await refreshAt(`${server.origin}/token`, change), server };
};
