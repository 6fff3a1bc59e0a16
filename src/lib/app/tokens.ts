import { partOfApp } from './app.ts';
import { refresher } from './refresher.ts';

/** The handing out of access tokens by this process, over its refresher. */
export const tokens = partOfApp(async ({ config, connections }) => {
  const [{ createTokens }, { clock, telemetry }] = await Promise.all([
    import('../tokens/tokens.ts'),
    connections(),
  ]);
  const urls = new Map(config.grants.map(({ grant }) => [grant.id, grant.reconnectUrl]));
  return createTokens(
    { reconnectUrlOf: (grantId) => urls.get(grantId) },
    { clock, telemetry, refresher: await refresher() },
  );
});
