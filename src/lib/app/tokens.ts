import { partOfApp } from './app.ts';
import { refresher } from './refresher.ts';

/** The handing out of access tokens by this process, over its refresher. */
export const tokens = partOfApp(async ({ config: { grants, publicUrl }, connections }) => {
  const [{ createTokens }, { clock, telemetry, secrets }] = await Promise.all([
    import('../tokens/tokens.ts'),
    connections(),
  ]);
  const urls = new Map(grants.map(({ grant }) => [grant.id, grant.reconnectUrl]));
  const reconnectUrlOf = (grantId: string): string | undefined =>
    publicUrl === undefined ? urls.get(grantId) : `${publicUrl}/api/grants/${grantId}/reconnect`;
  return createTokens({ reconnectUrlOf }, { clock, telemetry, secrets, refresher: await refresher() });
});
