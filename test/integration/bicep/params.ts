export type Params = Readonly<Record<string, unknown>>;

/** The least that a deployment has to be told. */
export const TOLD: Params = {
  environmentName: 'test',
  location: 'westeurope',
  emailReceivers: [{ name: 'me', emailAddress: 'me@contoso.example' }],
};

/** Lines of a parameter file. JSON is Bicep once its texts stand in single quotes. */
export const linesOf = (params: Params): string =>
  Object.entries(params)
    .map(([name, value]) => `param ${name} = ${JSON.stringify(value).replaceAll('"', "'")}`)
    .join('\n');
