import { partOfApp } from './app.ts';

/** Who may call this process. */
export const callers = partOfApp(async ({ config, connections }) => {
  const [{ createCallers }, { telemetry, callers: ports }] = await Promise.all([
    import('../callers/callers.ts'),
    connections(),
  ]);
  return createCallers({ settings: config.callers, publicUrl: config.publicUrl, ports, telemetry });
});
