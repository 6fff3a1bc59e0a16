const LOOPBACK = '127.0.0.1,localhost,::1';

/**
 * Settings that say where things are: on one's own machine they are the stand-ins', whatever was set. Nobody is
 * asked over TLS there, so that switching its check off needs no refusal.
 */
const PLACES =
  /^(KEYWATCH_(VAULTS|SUBSCRIPTIONS|CONFIG_FILE|DEPLOYMENT|\w+_URL|\w+_ID|LOCAL)|APPLICATIONINSIGHTS_CONNECTION_STRING|AzureWebJobsStorage\w*|WEBSITE_SITE_NAME|NODE_TLS_REJECT_UNAUTHORIZED)$/;

/**
 * Makes this process's environment the local one: real places are forgotten, the stand-ins' are set, and
 * a proxy is not asked for what is on this machine.
 * @returns the names of the settings that had been set to something else and are ignored
 */
export const enterLocalEnvironment = (settings: Readonly<Record<string, string>>): readonly string[] => {
  const ignored = Object.keys(process.env).filter((name) => PLACES.test(name));
  for (const name of ignored) delete process.env[name];
  Object.assign(process.env, settings);
  for (const name of ['NO_PROXY', 'no_proxy'])
    if (process.env[name]?.endsWith(LOOPBACK) !== true)
      process.env[name] = [process.env[name], LOOPBACK].filter(Boolean).join(',');
  return ignored;
};

/** Where the app is told that browsers find it, once that is known: before its first invocation. */
export const enterPublicUrl = (url: string): void => {
  process.env['KEYWATCH_PUBLIC_URL'] = url;
};

/** What the functions host resolves connections against. */
export const localSettings = (): Readonly<Record<string, string | undefined>> => process.env;
