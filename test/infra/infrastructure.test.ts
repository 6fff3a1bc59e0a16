import { describe, expect, it } from 'vitest';
import { SOURCES, sha256 } from '../../scripts/bicep/compileInfra.ts';
import * as containers from '../../src/lib/app/containers.ts';
import { POISON_QUEUES } from '../../src/lib/azure/queues.ts';
import { SETTINGS, type SettingName } from '../../src/lib/config/settings.ts';
import {
  argumentsOf,
  expression,
  firstOf,
  infraTexts,
  modulesOf,
  resourcesOf,
  type Template,
  templateText,
} from './template.ts';

const texts = infraTexts();
const template: Template = JSON.parse(templateText());

describe('the compiled template', () => {
  it('is that of the Bicep files and of all that they load: otherwise "npm run infra" makes it anew', () => {
    const hashes: Record<string, string> = JSON.parse(texts.get(SOURCES) ?? '{}');
    const now = Object.keys(hashes).map((path) => [path, sha256(texts.get(path) ?? '')]);
    expect(Object.fromEntries(now)).toEqual(hashes);
    const bicep = [...texts.keys()].filter((path) => path.endsWith('.bicep'));
    expect(Object.keys(hashes)).toEqual(expect.arrayContaining(bicep));
  });

  /** The list of what may be chosen, and the generated list of the rules. */
  const LISTS = ['infra/main.bicep', 'infra/alerts/rules.bicep'];

  it('is one idea a file: none is longer than 250 lines, but for two lists', () => {
    const long = [...texts].filter(
      ([path, text]) => path.endsWith('.bicep') && !LISTS.includes(path) && text.split('\n').length > 251,
    );
    expect(long.map(([path]) => path)).toEqual([]);
  });
});

describe('the fallback store', () => {
  it('has a region for each that may be chosen, and another one wherever there is one', () => {
    const regions: string[] = template.parameters?.['location'].allowedValues;
    const fallback: Record<string, string> = JSON.parse(texts.get('infra/fallbackLocations.json') ?? '{}');
    expect(regions.length).toBeGreaterThan(20);
    expect(Object.keys(fallback).sort()).toEqual([...regions].sort());
    // The region that these are paired with is not open to everybody, and no other one is in the same country or union.
    const alone = regions.filter((region) => fallback[region] === region);
    expect(alone.sort()).toEqual(['norwayeast', 'southafricanorth', 'uaenorth']);
  });
});

describe('the function app', () => {
  const app = firstOf(template, 'Microsoft.Web/sites');

  it('gives its host storage and telemetry by identity', () => {
    const { body } = firstOf(template, 'Microsoft.Web/sites/config');
    const [given, own = ''] = argumentsOf(expression(body.properties, app.template));
    expect(given).toBe('{keywatchSettings}');
    expect(argumentsOf(own).filter((_, i) => i % 2 === 0)).toEqual([
      "'languageWorkers__node__arguments'",
      "'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'",
      "'AzureWebJobsStorage__credential'",
      "'AzureWebJobsStorage__clientId'",
      "'AzureWebJobsStorage__accountName'",
      "'AzureWebJobsStorage__blobServiceUri'",
      "'AzureWebJobsStorage__queueServiceUri'",
      "'AzureWebJobsStorage__tableServiceUri'",
      "'APPLICATIONINSIGHTS_CONNECTION_STRING'",
      "'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'",
      "'KEYWATCH_PUBLIC_URL'",
    ]);
    expect(own).toContain("'AzureWebJobsStorage__credential', 'managedidentity'");
    expect(own).toContain("'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT', '2097152'");
    expect(own).toContain(';Authorization=AAD');
  });

  it('leaves it to the app to say who calls: App Service authentication is not configured', () => {
    const configs = resourcesOf(template).filter(({ type }) => type === 'Microsoft.Web/sites/config');
    const names = configs.map(({ body, template: within }) => expression(body.name, within));
    expect(names).toEqual(["format('{0}/{1}', {appName}, 'appsettings')"]);
  });

  it('bounds the memory of the worker on the smallest instance, which the host needs half of, and there alone', () => {
    expect(expression(app.template.variables?.['workerArguments'], app.template)).toBe(
      "if(equals({instanceMemoryMB}, 512), '--max-semi-space-size=16 --max-old-space-size=160', '--max-semi-space-size=16')",
    );
  });
});

describe('the app settings', () => {
  /** Local mode is refused in Azure, and there the deployment is the site: no template may set these. */
  const onlyLocal = ['KEYWATCH_LOCAL', 'KEYWATCH_DEPLOYMENT'];
  const settingsIn = (symbol: string) => {
    const module = modulesOf(template).find((each) => each.symbol === symbol);
    return module?.body.properties.parameters.keywatchSettings.value;
  };
  const chosen: Record<string, string> = template.variables?.['chosenSettings'];

  it('are those that the app reads, each of them', () => {
    const made = [...String(settingsIn('functionApp')).matchAll(/'(KEYWATCH_\w+)'/g)].map(([, name]) => name);
    const read = Object.keys(SETTINGS).filter((name) => !onlyLocal.includes(name));
    // The app's own address is known only where the site is made.
    expect([...Object.keys(chosen), ...made, 'KEYWATCH_PUBLIC_URL'].sort()).toEqual(read.sort());
  });

  it('have the defaults of the app where a parameter chooses them', () => {
    const defaults = Object.entries(chosen).flatMap(([name, value]) => {
      const [, parameter] = /^(?:string\()?\{(\w+)\}\)?$/.exec(expression(value, template)) ?? [];
      const given = template.parameters?.[parameter ?? '']?.defaultValue;
      return parameter === undefined ? [] : [[name, String(given)] as const];
    });
    expect(defaults.map(([name]) => name)).toEqual([
      'KEYWATCH_CONFIG_FILE',
      'KEYWATCH_SCAN_SCHEDULE',
      'KEYWATCH_SCAN_TIMEOUT_SECONDS',
      'KEYWATCH_DAILY_REPORT_HOUR_UTC',
      'KEYWATCH_REFRESH_SCHEDULE',
      'KEYWATCH_PROOF_SCHEDULE',
      'KEYWATCH_RUNBOOK_BASE_URL',
    ]);
    for (const [name, given] of defaults)
      expect(given, name).toBe(SETTINGS[name as SettingName].defaultText ?? '');
  });
});

describe('the queues', () => {
  it('that the functions listen to are made with the account, and with each the one for poison', () => {
    const { template: storage } = firstOf(template, 'Microsoft.Storage/storageAccounts/queueServices/queues');
    const made = modulesOf(template).find(({ symbol }) => symbol === 'storage');
    const names: string[] = made?.body.properties.parameters.queueNames.value;
    expect(names.map((name) => `${name}-poison`).sort()).toEqual([...POISON_QUEUES].sort());
    expect(expression(storage.variables?.['allQueueNames'], storage)).toContain("format('{0}-poison'");
  });
});

describe('the containers', () => {
  const modules = ['storage', 'fallback'].map((symbol) => {
    const module = modulesOf(template).find((each) => each.symbol === symbol);
    const { containerNames, ticketContainerNames } = module?.body.properties.parameters ?? {};
    const namesIn = ({ value }: { value: unknown }) =>
      expression(value, module?.template ?? template).match(/keywatch-[a-z-]+/g) ?? [];
    return { made: namesIn(containerNames), cleared: namesIn(ticketContainerNames) };
  });

  it('that the app opens are made, each of them', () => {
    const opened = Object.values(containers);
    expect(opened.length).toBeGreaterThan(2);
    expect(modules.flatMap(({ made }) => made)).toEqual(expect.arrayContaining(opened));
    expect(modules[1]?.made).toEqual(['keywatch-fallback', 'keywatch-tokens']);
  });

  it('are cleared after a day where they hold what a browser began, and nowhere else', () => {
    expect(modules.map(({ cleared }) => cleared)).toEqual([['keywatch-sign-in', 'keywatch-consent'], []]);
    const lifecycle = 'Microsoft.Storage/storageAccounts/managementPolicies';
    const { body, template: storage } = firstOf(template, lifecycle);
    expect(body.condition).toBe("[not(empty(parameters('ticketContainerNames')))]");
    const [{ definition }, history, ...more] = body.properties.policy.rules;
    expect(more).toEqual([]);
    expect(history.definition.filters).toEqual({
      blobTypes: ['appendBlob', 'blockBlob'],
      prefixMatch: [`${containers.BOARD_CONTAINER}/history/`],
    });
    expect(expression(definition.filters.prefixMatch, storage)).toBe(
      "map({ticketContainerNames}, lambda('name', format('{0}/', lambdaVariables('name'))))",
    );
    expect(definition.actions).toEqual({ baseBlob: { delete: { daysAfterModificationGreaterThan: 1 } } });
  });
});

describe('vault events', () => {
  it('are the three of each kind of object', () => {
    const { template: events } = firstOf(template, 'Microsoft.EventGrid/systemTopics');
    const kinds = ['Secret', 'Key', 'Certificate'];
    const happenings = ['NewVersionCreated', 'NearExpiry', 'Expired'];
    expect(events.variables?.['eventTypes']).toEqual(
      kinds.flatMap((kind) => happenings.map((event) => `Microsoft.KeyVault.${kind}${event}`)),
    );
  });
});

describe('bad input', () => {
  it('of one kind no file of values gives: each of them names somebody to notify', () => {
    const receivers = /^param (receivers|webhooks|existingActionGroupIds) =/m;
    const values = [...texts].filter(([path]) => path.endsWith('.bicepparam'));
    expect(values.length).toBeGreaterThan(2);
    for (const [path, text] of values) expect(text, path).toMatch(receivers);
  });
});

describe('the deployments that modules become', () => {
  const names = modulesOf(template).map(({ module, body, template: within }) => ({
    module,
    name: expression(body.name, within),
  }));

  it('have names of their own: two of one name in a resource group overwrite each other', () => {
    const fixed = names.filter(({ name }) => !/[({]/.test(name)).map(({ name }) => name);
    const prefixed = names.flatMap(({ module, name }) => {
      // The names in main.bicep: a prefix, which is "keywatch" unless the deployment is refused.
      const [, rest] = module === '' ? (/^format\('\{0\}(-[\w-]+)',/.exec(name) ?? []) : [];
      return rest === undefined ? [] : [`keywatch${rest}`];
    });
    expect(prefixed).toHaveLength(names.filter(({ module }) => module === '').length);
    // What the guide and the workflow call the outermost ones.
    const all = [...fixed, ...prefixed, 'keywatch', 'keywatch-events'];
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
  });
});
