import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BicepCompiler, type Diagnostic, type Predicted, startBicepCompiler } from './bicepCompiler.ts';
import { BICEP_VERSION, findBicep } from './findBicep.ts';

const INFRA = join(import.meta.dirname, '../../../infra');
const bicep = findBicep(process.env);
if (bicep === undefined)
  console.warn(
    'The templates are not compiled: there is no Bicep compiler. "dotnet restore .ci/bicep.csproj" brings it, or BICEP names one.',
  );

/** What the files of values ask of the environment. */
const ASKED = {
  AZURE_ENV_NAME: 'sample',
  AZURE_LOCATION: 'westeurope',
  KEYWATCH_ALERT_EMAIL: 'on-call@contoso.example',
  KEYWATCH_PAGERDUTY_ADDRESS: 'https://events.pagerduty.example/placeholder',
};

const files = (...endings: string[]): string[] =>
  readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).filter((path) =>
    endings.some((ending) => path.endsWith(ending)),
  );
const said = (diagnostics: Diagnostic[]): string[] =>
  diagnostics.map(
    ({ source, range, level, code, message }) =>
      `${source}:${range.start.line + 1} ${level} ${code} ${message}`,
  );

describe.skipIf(bicep === undefined)('the Bicep compiler', () => {
  let compiler: BicepCompiler;
  beforeAll(async () => {
    compiler = await startBicepCompiler(bicep ?? '', ASKED);
  });
  afterAll(() => compiler.close());

  it.each(files('.bicep'))('has nothing to say of %s', async (path) => {
    expect(said(await compiler.compile(join(INFRA, path)))).toEqual([]);
  });

  it.each(files('.bicepparam'))('has nothing to say of the values in %s', async (path) => {
    expect(said(await compiler.compileParams(join(INFRA, path)))).toEqual([]);
  });

  it.each(files('.bicepparam'))(
    'works out what a deployment with the values in %s would make',
    async (path) => {
      expect((await compiler.predictValues(join(INFRA, path))).length).toBeGreaterThan(40);
    },
  );

  it('finds a property that a resource type has not', async () => {
    const path = join(import.meta.dirname, 'faulty.bicep');
    expect(said(await compiler.compile(path)).join('\n')).toMatch(/BCP037 .*"publicAcces"/);
  });
});

describe.skipIf(bicep === undefined)('a deployment by azd', () => {
  const KEY_VAULTS = 'resourceGroups/rg-crm/providers/Microsoft.KeyVault/vaults';
  const subscription = (digit: number) => `${digit}1111111-1111-1111-1111-111111111111`;
  const deploy = async (chosen: Readonly<Record<string, string>>) => {
    const compiler = await startBicepCompiler(bicep ?? '', { ...ASKED, ...chosen });
    try {
      return await compiler.predictValues(join(INFRA, 'main.bicepparam'));
    } finally {
      await compiler.close();
    }
  };
  const settingsOf = (resources: Predicted[]) =>
    resources.find(({ name }) => name.endsWith('/appsettings'))?.properties;

  it('watches the subscriptions and the vaults that the environment names', async () => {
    const resources = await deploy({
      KEYWATCH_SUBSCRIPTIONS: `${subscription(1)}, ${subscription(2)}`,
      KEYWATCH_VAULT_IDS: `/subscriptions/${subscription(3)}/${KEY_VAULTS}/kv-crm`,
    });
    const settings = settingsOf(resources);
    expect(settings.KEYWATCH_SUBSCRIPTIONS).toBe(`${subscription(1)},${subscription(2)}`);
    expect(settings.KEYWATCH_VAULTS).toContain('kv-crm');
    const roles = resources.filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments');
    for (const digit of [1, 2, 3])
      expect(roles.some(({ id }) => id.includes(subscription(digit)))).toBe(true);
  });

  it('watches the vault that it makes where the environment names nothing, or nothing but commas', async () => {
    for (const nothing of ['', ' , ']) {
      const settings = settingsOf(
        await deploy({ KEYWATCH_SUBSCRIPTIONS: nothing, KEYWATCH_VAULT_IDS: nothing }),
      );
      expect(settings.KEYWATCH_SUBSCRIPTIONS).toBe('');
      expect(settings.KEYWATCH_VAULTS.match(/https:/g)).toHaveLength(1);
    }
  });

  it('is refused in words where a vault is named without its place', async () => {
    await expect(deploy({ KEYWATCH_VAULT_IDS: 'kv-crm' })).rejects.toThrow(/KEYWATCH_VAULT_IDS/);
  });
});

it('the compiler that is looked for is the one that is restored', () => {
  const project = readFileSync(join(INFRA, '../.ci/bicep.csproj'), 'utf8');
  expect(project).toContain(`Include="Azure.Bicep.CommandLine.linux-x64" Version="[${BICEP_VERSION}]"`);
});

it('a compiler that is named and is none is refused', () => {
  expect(() => findBicep({ BICEP: join(INFRA, 'main.bicep') })).toThrow(/main\.bicep, which is no program/);
});
