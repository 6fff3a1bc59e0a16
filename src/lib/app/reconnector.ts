import { partOfApp } from './app.ts';
import { refresher } from './refresher.ts';

/** The pages of this process on which a grant is connected anew. */
export const reconnector = partOfApp(async ({ config, connections }) => {
  const [{ createReconnector }, { NO_SITE, reconnectSite }, opened, ourRefresher] = await Promise.all([
    import('../connect/reconnector.ts'),
    import('../connect/reconnectSite.ts'),
    connections(),
    refresher(),
  ]);
  const { clock, telemetry, secrets, refresh, consents } = opened;
  const { grants, publicUrl } = config;
  if (publicUrl === undefined || refresh === undefined) return NO_SITE;
  const ports = { clock, telemetry, secrets, seal: refresh.seal, ...consents, refresher: ourRefresher };
  return reconnectSite(createReconnector({ grants, publicUrl }, ports));
});
