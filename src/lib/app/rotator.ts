import { partOfApp } from './app.ts';
import { configuredNames } from './configuredNames.ts';

export const rotator = partOfApp(async ({ config, connections, ending }) => {
  const { createRotator } = await import('../rotate/rotator.ts');
  const rotations = config.rotate?.rotations ?? [];
  return createRotator({ rotations, isConfiguredName: configuredNames(config), ending }, await connections());
});
