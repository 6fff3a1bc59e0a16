/** The environment as it is now. The only place of the deployed code that reads it. */
export const readEnvironment = (): Readonly<Record<string, string | undefined>> => process.env;

/**
 * Sets a variable that nobody has set, for libraries that can be configured in no other way.
 * @returns a function that takes it back, and does nothing where it was set before.
 */
export const setEnvironmentDefault = (name: string, value: string): (() => void) => {
  if (process.env[name] !== undefined) return () => undefined;
  process.env[name] = value;
  return () => {
    if (process.env[name] === value) delete process.env[name];
  };
};

/** Takes away every variable whose name begins so: for libraries that obey them rather than their caller. */
export const clearEnvironment = (...prefixes: readonly string[]): void => {
  for (const name of Object.keys(process.env))
    if (prefixes.some((prefix) => name.startsWith(prefix))) delete process.env[name];
};
