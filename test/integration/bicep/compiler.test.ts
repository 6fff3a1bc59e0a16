import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BicepCompiler,
  type Predicted,
  startBicepCompiler,
} from '../../../scripts/bicep/bicepCompiler.ts';
import { ASKED, compileInfra } from '../../../scripts/bicep/compileInfra.ts';
import { BICEP_VERSION, findBicep, GET_BICEP } from '../../../scripts/bicep/findBicep.ts';

const ROOT = join(import.meta.dirname, '../../..');
const INFRA = join(ROOT, 'infra');
const bicep = findBicep(process.env);
if (bicep === undefined)
  console.warn(`What needs the Bicep compiler is skipped: there is none here.\n${GET_BICEP}`);

const FILES_OF_VALUES = readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.bicepparam'),
);

describe.skipIf(bicep === undefined)('the Bicep compiler', () => {
  let compiler: BicepCompiler;
  beforeAll(async () => {
    compiler = await startBicepCompiler(bicep ?? '', ASKED);
  });
  afterAll(() => compiler.close());

  it('has nothing to say of anything, and "npm run infra" nothing to write', async () => {
    const { said, texts } = await compileInfra(compiler);
    expect(said).toEqual([]);
    const changed = [...texts].filter(([path, text]) => text !== readFileSync(join(ROOT, path), 'utf8'));
    expect(changed.map(([path]) => path)).toEqual([]);
  });

  it.each(FILES_OF_VALUES)('works out what a deployment with the values in %s would make', async (path) => {
    expect((await compiler.predictValues(join(INFRA, path))).length).toBeGreaterThan(40);
  });

  it('finds a property that a resource type has not', async () => {
    const path = join(import.meta.dirname, 'faulty.bicep');
    const { diagnostics } = await compiler.compile(path);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n')).toMatch(
      /BCP037 .*"publicAcces"/,
    );
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
  const project = readFileSync(join(ROOT, '.ci/bicep.csproj'), 'utf8');
  expect(project).toContain(`Include="Azure.Bicep.CommandLine.linux-x64" Version="[${BICEP_VERSION}]"`);
});

it('a compiler that is named and is none is refused', () => {
  expect(() => findBicep({ BICEP: join(INFRA, 'main.bicep') })).toThrow(/main\.bicep, which is no program/);
});
