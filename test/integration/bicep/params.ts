export type Params = Readonly<Record<string, unknown>>;

/** The least that a deployment has to be reported. */
export const REPORTED = {
  environmentName: 'test',
  location: 'westeurope',
  receivers: { email: [{ name: 'me', emailAddress: 'me@contoso.example' }] },
} as const satisfies Params;

/** Lines of a parameter file. JSON is Bicep once its texts stand in single quotes. */
export const linesOf = (params: Params): string =>
  Object.entries(params)
    .map(([name, value]) => `param ${name} = ${JSON.stringify(value).replaceAll('"', "'")}`)
    .join('\n');
