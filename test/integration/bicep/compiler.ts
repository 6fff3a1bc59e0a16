import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BicepCompiler, Predicted } from '../../../scripts/bicep/bicepCompiler.ts';
import { TEMPLATE } from '../../../scripts/bicep/compileInfra.ts';
import { BICEP_VERSION, findBicep, GET_BICEP } from '../../../scripts/bicep/findBicep.ts';
import { sharedCompiler } from './sharedCompiler.ts';

const ROOT = join(import.meta.dirname, '../../..');
const INFRA = join(ROOT, 'infra');
const bicep = findBicep(process.env);
if (bicep === undefined)
  console.warn(`What needs the Bicep compiler is skipped: there is none here.\n${GET_BICEP}`);

const FILES_OF_VALUES = readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.bicepparam'),
);

type Environment = Readonly<Record<string, string>>;

/**
 * What a deployment with the values in a file would make of the compiled template.
 *
 * @param chosen what the file finds in the environment, beside that of the compiler.
 */
const predict = (compiler: BicepCompiler, path: string, chosen: Environment = {}): Promise<Predicted[]> => {
  const values = readFileSync(join(INFRA, path), 'utf8')
    .replace(/^using .*/, '')
    .replace(/readEnvironmentVariable\('(\w+)'[^)]*\)/g, (call, name) =>
      name in chosen ? `'${chosen[name]}'` : call,
    );
  return compiler.predict(join(ROOT, TEMPLATE), values);
};

describe.skipIf(bicep === undefined)('the Bicep compiler', () => {
  let compiler: BicepCompiler;
  beforeAll(async () => {
    compiler = await sharedCompiler(bicep ?? '');
  });

  it.each(FILES_OF_VALUES)('works out what a deployment with the values in %s would make', async (path) => {
    expect((await predict(compiler, path)).length).toBeGreaterThan(40);
  });

  it('finds a property that a resource type has not', async () => {
    const path = join(import.meta.dirname, 'faulty.bicep');
    const { diagnostics } = await compiler.compile(path);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n')).toMatch(
      /BCP037 .*"publicAcces"/,
    );
  });

  describe('works out a deployment by azd, which', () => {
    const KEY_VAULTS = 'resourceGroups/rg-crm/providers/Microsoft.KeyVault/vaults';
    const subscription = (digit: number) => `${digit}1111111-1111-1111-1111-111111111111`;
    const settingsOf = (resources: Predicted[]) =>
      resources.find(({ name }) => name.endsWith('/appsettings'))?.properties;
    const deploy = (chosen: Environment) => predict(compiler, 'main.bicepparam', chosen);

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
});

it('the compiler that is looked for is the one that is restored', () => {
  const project = readFileSync(join(ROOT, '.ci/bicep.csproj'), 'utf8');
  expect(project).toContain(`Include="Azure.Bicep.CommandLine.linux-x64" Version="[${BICEP_VERSION}]"`);
});

it('a compiler that is named and is none is refused', () => {
  expect(() => findBicep({ BICEP: join(INFRA, 'main.bicep') })).toThrow(/main\.bicep, which is no program/);
});
