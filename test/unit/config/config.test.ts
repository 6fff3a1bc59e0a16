import { describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../../src/lib/config/config.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { assessObject } from '../../../src/lib/scan/rules/assess.ts';
import { configOf, faultsOf } from '../../fakes/config.ts';
import { inDays, secretMetadata } from '../../fakes/metadata.ts';

const [A, B] = ['https://kv-a.vault.azure.net', 'https://kv-b.vault.azure.net'];

/** Owner and thresholds, in days, of an object of that vault that lives for 100 days and carries no tag. */
const judged = ({ policyOf }: Pick<Config, 'policyOf'>, url: string) => {
  const { warningAtEpochMs, criticalAtEpochMs, alertUntilEpochMs, ...rest } = assessObject(
    secretMetadata({ createdEpochMs: inDays(0), expiresOnEpochMs: inDays(100) }),
    policyOf(url),
    inDays(0),
  );
  const daysTo = (epochMs = 0) => Math.abs(inDays(100) - epochMs) / DAY_MS;
  return {
    ...(rest.owner === undefined ? {} : { owner: rest.owner }),
    warning: daysTo(warningAtEpochMs),
    critical: daysTo(criticalAtEpochMs),
    ended: daysTo(alertUntilEpochMs),
  };
};

describe('the configuration', () => {
  it('needs nothing: defaults stand', () => {
    expect(configOf()).toMatchObject({
      allowLoopback: false,
      deployment: 'local',
      vaults: [],
      subscriptionIds: [],
      scanTimeoutMs: 1_200_000,
      dailyReportHourUtc: 5,
      grants: [],
      refresh: undefined,
    });
    expect(configOf().policyOf(A).name).toBe('kv-a');
    expect(judged(configOf(), A)).toEqual({ warning: 30, critical: 10, ended: 14 });
  });

  it.each([
    [{ WEBSITE_SITE_NAME: 'KW-Prod' }, 'kw-prod'],
    [{ KEYWATCH_DEPLOYMENT: 'KW-Prod' }, 'kw-prod'],
    [{ KEYWATCH_DEPLOYMENT: '', WEBSITE_SITE_NAME: '' }, 'local'],
    [{ KEYWATCH_DEPLOYMENT: 'k', WEBSITE_SITE_NAME: 'k' }, 'k'],
  ])('knows which deployment it is by site, else by setting: %j', (environment, deployment) => {
    expect(configOf(environment).deployment).toBe(deployment);
  });

  it('lets a vault say for how long after an end somebody is paged, over the default for all', () => {
    const file = {
      defaults: { endedLongAgoDays: 7 },
      vaults: [{ url: A, endedLongAgoDays: 30 }, { url: B }],
    };
    const { policyOf } = configOf({}, file);
    expect([judged({ policyOf }, A).ended, judged({ policyOf }, B).ended]).toEqual([30, 7]);
    expect(faultsOf({}, { defaults: { endedLongAgoDays: 0 } })).toEqual([
      expect.stringContaining('defaults.endedLongAgoDays'),
    ]);
  });

  it('joins vaults of settings and file, and what each says of itself over the defaults', () => {
    const config = configOf(
      { KEYWATCH_VAULTS: `${A}/,${B}` },
      {
        defaults: { owner: 'all', critical: '5%' },
        vaults: [{ url: B.toUpperCase().replace('HTTPS', 'https'), name: 'B', warning: '40%' }],
      },
    );
    expect(config.vaults.map(({ url }) => url).sort()).toEqual([A, B]);
    expect(config.policyOf(B).name).toBe('B');
    expect(judged(config, B)).toEqual({ owner: 'all', warning: 40, critical: 5, ended: 14 });
    expect(judged(config, A)).toEqual({ owner: 'all', warning: 30, critical: 5, ended: 14 });
  });

  it.each(['kv-b', 'KV-b'])(
    'calls no vault by a name like %s of another: their credentials would be one',
    (name) => {
      const config = configOf({}, { vaults: [{ url: A, name }] });
      expect([config.policyOf(A).name, config.policyOf(B).name]).toEqual([name, 'kv-b.vault.azure.net']);
    },
  );

  it('shows what was given without the characters that a terminal obeys', () => {
    const shown = faultsOf(
      { KEYWATCH_CONFIG_FILE: 'a\u001b[31m.json', KEYWATCH_VAULTS: 'kv#access_token=canary' },
      undefined,
    ).join('\n');
    expect(shown).toContain('a\\u{1b}[31m.json');
    expect(shown).not.toContain('canary');
    expect(shown).not.toContain('\u001b');
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(configOf())).toBe(true);
  });

  it('may lack the file unless it was named', () => {
    expect(faultsOf({ KEYWATCH_CONFIG_FILE: 'other.json' })).toEqual([
      'KEYWATCH_CONFIG_FILE: "other.json", where no file is; allowed: the path of a file',
    ]);
  });

  it('lets a failure to read the file through', () => {
    const readTextFile = () => {
      throw new Error('EACCES');
    };
    expect(() => loadConfig({ environment: {}, readTextFile })).toThrow('EACCES');
  });
});

describe('a fault of the configuration', () => {
  it('is what is no vault, in a setting and in the file', () => {
    const problem = 'is a name without its domain; write https://kv-a.vault.azure.net';
    expect(faultsOf({ KEYWATCH_VAULTS: 'kv-a' })).toEqual([
      expect.stringMatching(new RegExp(`^KEYWATCH_VAULTS: .*${problem}`)),
    ]);
    for (const url of ['kv-a', 'http://127.0.0.1:8443'])
      expect(faultsOf({}, { vaults: [{ url }] })).toEqual([
        expect.stringMatching(/^config file: vaults\[0\]: .* is (a name without|not a host)/),
      ]);
  });

  it('is a vault a second time in the file, and a name for two vaults', () => {
    expect(faultsOf({}, { vaults: [{ url: A }, { url: `${A}/` }] })).toEqual([
      `config file: vaults[1]: ${A} a second time; allowed: each vault once`,
    ]);
    for (const name of ['x', 'X'])
      expect(
        faultsOf(
          {},
          {
            vaults: [
              { url: A, name: 'x' },
              { url: B, name },
            ],
          },
        ),
      ).toEqual([`config file: vaults[1]: called "${name}" like ${A}; allowed: a name of its own`]);
  });

  it('is none for a vault in both setting and file', () => {
    expect(faultsOf({ KEYWATCH_VAULTS: `${A},${A}` }, { vaults: [{ url: A }] })).toEqual([]);
  });

  it.each([
    [{ warning: 5, critical: 10 }, 'warning 5 days and critical 10 days, which cross'],
    [{ critical: 31 }, 'warning 30 days and critical 31 days, which cross'],
    [{ warning: '10%', critical: '11%' }, 'warning 10% and critical 11%, which cross'],
    [{ warning: '10%', critical: 10 }, 'warning 10% and critical 10 days, which cross'],
  ])('is thresholds that cross: %j', (thresholds, words) => {
    expect(faultsOf({}, { defaults: thresholds })).toContainEqual(
      expect.stringContaining(`defaults: ${words}`),
    );
    expect(faultsOf({}, { vaults: [{ url: A, ...thresholds }] })).toEqual([
      expect.stringContaining(`vaults[0]: ${words}`),
    ]);
  });

  it('is thresholds that cross where they were said, not at each vault that inherits them', () => {
    const file = { defaults: { warning: 5, critical: 10 }, vaults: [{ url: A }, { url: B }] };
    expect(faultsOf({}, file)).toEqual([expect.stringMatching(/^config file: defaults: warning/)]);
  });

  it('is none for thresholds that are equal', () => {
    expect(faultsOf({}, { defaults: { warning: 10, critical: 10 } })).toEqual([]);
  });

  it('is local mode in Azure', () => {
    expect(faultsOf({ KEYWATCH_LOCAL: 'true', WEBSITE_SITE_NAME: 'app' })).toEqual([
      expect.stringContaining('KEYWATCH_LOCAL: "true" in Azure'),
    ]);
    expect(
      configOf({ KEYWATCH_LOCAL: 'true', KEYWATCH_VAULTS: 'http://127.0.0.1:8443' }).vaults,
    ).toHaveLength(1);
  });

  it('is a deployment in Azure that is not called like its site', () => {
    expect(faultsOf({ KEYWATCH_DEPLOYMENT: 'kw-dev', WEBSITE_SITE_NAME: 'kw-prod' })).toEqual([
      'KEYWATCH_DEPLOYMENT: "kw-dev" in Azure; allowed: nothing but the name of the site, "kw-prod"',
    ]);
    expect(faultsOf({ KEYWATCH_DEPLOYMENT: 'KW-prod', WEBSITE_SITE_NAME: 'kw-PROD' })).toEqual([]);
  });

  it.each(['kw prod', '-kw', 'kw-', 'kw_prod', 'k'.repeat(61), 'kw\nprod', 'ｋｗ'])(
    'is the name %j of a deployment',
    (name) => {
      expect(faultsOf({ KEYWATCH_DEPLOYMENT: name })).toHaveLength(1);
      expect(faultsOf({ WEBSITE_SITE_NAME: name })).toEqual([expect.stringMatching(/^WEBSITE_SITE_NAME: /)]);
    },
  );

  it('comes with all the others in one error, counted', () => {
    const file = { defaults: { warning: 1 }, valuts: 1 };
    expect(() => configOf({ KEYWATCH_VAULTS: 'kv-a', KEYWATCH_LOCAL: 'x' }, file)).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: expect.stringContaining('has 4 faults:\n'),
      }),
    );
  });
});
