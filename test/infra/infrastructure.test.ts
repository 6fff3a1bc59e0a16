import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/lib/config/settings.ts';
import { checkProject, formatFault } from './bicep/checkProject.ts';
import { evaluation } from './bicep/evaluate.ts';
import { officialTypes } from './bicep/givenTypes.ts';
import { infraTexts, ROOT } from './bicep/infraTexts.ts';
import type { Fault } from './bicep/model.ts';
import { readProject } from './bicep/project.ts';
import { allowedRoles } from './bicep/roleAllowList.ts';
import { rootExpressions, walk } from './bicep/walk.ts';

const texts = infraTexts();
const faults = checkProject(texts, officialTypes);
const of = (check: Fault['check']) => faults.filter((fault) => fault.check === check).map(formatFault);

describe('the infrastructure', () => {
  it('is read to the last word by the Bicep grammar', () => {
    expect(of('syntax')).toEqual([]);
  });

  it.skipIf(officialTypes === undefined)('agrees with the official definition of every resource type', () => {
    expect(of('resource')).toEqual([]);
  });

  it('names and reads only what exists, and declares only what it uses', () => {
    expect(of('symbol')).toEqual([]);
  });

  it('passes to each module what that module declares', () => {
    expect(of('module')).toEqual([]);
  });

  it('loads only files that exist', () => {
    expect(of('load')).toEqual([]);
  });

  it('describes every param, output and type', () => {
    expect(of('decorator')).toEqual([]);
  });

  it('knows every name, scope and condition before the deployment starts', () => {
    expect(of('runtime')).toEqual([]);
  });

  it('holds no secret, gives none out and opens nothing to a key', () => {
    expect(of('secret')).toEqual([]);
  });

  it('passes the rules of the linter that are errors and look at words only', () => {
    expect(of('linter')).toEqual([]);
  });

  it('assigns the allowed roles and no others, each with its reason', () => {
    expect(of('role')).toEqual([]);
  });

  it('has no fault of any other kind', () => {
    expect(faults.map(formatFault)).toEqual([]);
  });

  it('explains every role in the guide to deployment', () => {
    const guide = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
    const titles = allowedRoles.map(({ title }) => title.replace(/^Storage (Queue|Table) Data.*/, '$1'));
    expect(titles.filter((title) => !guide.includes(title))).toEqual([]);
  });

  it('is one idea a file: none is longer than 250 lines, but for the list of what may be chosen', () => {
    const long = [...texts].filter(
      ([path, text]) =>
        path.endsWith('.bicep') && path !== 'infra/main.bicep' && text.split('\n').length > 251,
    );
    expect(long.map(([path]) => path)).toEqual([]);
  });

  it('commits no compiled template', () => {
    const compiled = [...texts].filter(
      ([path, text]) => path.endsWith('.json') && text.includes('deploymentTemplate.json#'),
    );
    expect(compiled.map(([path]) => path)).toEqual([]);
  });
});

describe('the fallback store', () => {
  it('has a region for each that may be chosen, and another one wherever there is one', () => {
    const [, list = ''] =
      /@allowed\(\[([^\]]+)\]\)[^[]*param location /.exec(texts.get('infra/main.bicep') ?? '') ?? [];
    const regions = [...list.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');
    const fallback: Record<string, string> = JSON.parse(texts.get('infra/fallbackLocations.json') ?? '{}');
    expect(regions.length).toBeGreaterThan(20);
    expect(Object.keys(fallback).sort()).toEqual([...regions].sort());
    // The region that these are paired with is not open to everybody, and no other one is in the same country or union.
    const alone = regions.filter((region) => fallback[region] === region);
    expect(alone.sort()).toEqual(['norwayeast', 'southafricanorth', 'uaenorth']);
  });
});

describe('the app settings of the host', () => {
  it('give it its storage and its telemetry by identity', () => {
    const app = readProject(texts).files.find(({ path }) => path === 'infra/modules/functionApp.bicep');
    const settings = app?.resources.find(({ name }) => name === 'settings')?.body.properties;
    const properties = settings?.find(({ name }) => name === 'properties')?.value;
    const own = properties?.kind === 'call' ? properties.args[1] : undefined;
    expect(own?.kind === 'object' ? own.properties.map(({ name }) => name) : []).toEqual([
      'languageWorkers__node__arguments',
      'AzureWebJobsStorage__credential',
      'AzureWebJobsStorage__clientId',
      'AzureWebJobsStorage__accountName',
      'AzureWebJobsStorage__blobServiceUri',
      'AzureWebJobsStorage__queueServiceUri',
      'AzureWebJobsStorage__tableServiceUri',
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    ]);
  });
});

describe('the memory of the worker', () => {
  const workerArguments = (instanceMemoryMB: number) => {
    const app = readProject(texts).files.find(({ path }) => path === 'infra/modules/functionApp.bicep');
    if (app === undefined) throw new Error('there is no functionApp.bicep');
    return evaluation(app, { instanceMemoryMB })('workerArguments');
  };

  it('is bounded on the smallest instance, which the host needs half of, and there alone', () => {
    expect(workerArguments(512)).toBe('--max-semi-space-size=16 --max-old-space-size=160');
    for (const size of [2048, 4096]) expect(workerArguments(size)).toBe('--max-semi-space-size=16');
  });
});

describe('the queues', () => {
  it('that the functions listen to are made with the account', () => {
    const source = readFileSync(join(ROOT, 'src/lib/azure/queues.ts'), 'utf8');
    const listened = [...source.matchAll(/_QUEUE = '([^']+)'/g)].map((match) => match[1] ?? '');
    const stores = readProject(texts).files.find(({ path }) => path === 'infra/modules/stores.bicep');
    const storage = stores?.modules.find(({ name }) => name === 'storage')?.body.properties;
    const params = storage?.find(({ name }) => name === 'params')?.value;
    const names =
      params?.kind === 'object' ? params.properties.find(({ name }) => name === 'queueNames') : undefined;
    const made = names?.value.kind === 'array' ? names.value.items : [];
    expect(listened.length).toBeGreaterThan(0);
    expect(made.map((item) => (item.kind === 'literal' ? item.value : ''))).toEqual(
      expect.arrayContaining(listened),
    );
  });
});

describe('vault events', () => {
  it('are the three of each kind of object', () => {
    const file = readProject(texts).files.find(({ path }) => path === 'infra/modules/eventGrid.bicep');
    const list = file?.variables.find(({ name }) => name === 'eventTypes')?.value;
    const given =
      list?.kind === 'array' ? list.items.map((item) => item.kind === 'literal' && item.value) : [];
    const kinds = ['Secret', 'Key', 'Certificate'];
    const events = ['NewVersionCreated', 'NearExpiry', 'Expired'];
    expect(given).toEqual(
      kinds.flatMap((kind) => events.map((event) => `Microsoft.KeyVault.${kind}${event}`)),
    );
  });
});

describe('bad input', () => {
  const { files } = readProject(texts);
  it('of one kind no sample gives: each of them tells somebody', () => {
    const receivers =
      /^(emailReceivers|smsReceivers|webhooks|logicAppReceivers|eventHubReceivers|existingActionGroupIds)$/;
    for (const file of files.filter(({ using }) => using !== undefined))
      expect(file.variables.filter(({ name }) => receivers.test(name)).length, file.path).toBeGreaterThan(0);
  });
});

describe('the deployments that modules become', () => {
  it('have names of their own: two of one name in a resource group overwrite each other', () => {
    const { files } = readProject(texts);
    const names = files.flatMap((file) =>
      file.modules.map(({ body }) => {
        const name = body.properties.find((property) => property.name === 'name')?.value;
        const parts = name?.kind === 'interpolated' ? name.parts : [name];
        return parts
          .map((part) => {
            if (part?.kind === 'literal') return String(part.value);
            return part?.kind === 'name' && part.name === 'prefix' ? 'keywatch' : '*';
          })
          .join('');
      }),
    );
    // What the guide and the workflow call the outermost ones.
    const fixed = [...names.filter((name) => !name.includes('*')), 'keywatch', 'keywatch-events'];
    expect(fixed.length).toBeGreaterThan(10);
    expect(fixed.filter((name, i) => fixed.indexOf(name) !== i)).toEqual([]);
  });
});

describe('the app settings in Bicep', () => {
  /** Local mode is refused in Azure, and there the deployment is the site: no template may set these. */
  const onlyLocal = ['KEYWATCH_LOCAL', 'KEYWATCH_DEPLOYMENT'];
  const { files } = readProject(texts);
  const given = new Set<string>();
  for (const file of files)
    for (const root of rootExpressions(file))
      walk(root, (expression) => {
        if (expression.kind !== 'object') return;
        for (const { name } of expression.properties) if (name?.startsWith('KEYWATCH_')) given.add(name);
      });

  it('are those that the app reads, each of them', () => {
    const read = Object.keys(SETTINGS).filter((name) => !onlyLocal.includes(name));
    expect([...given].sort()).toEqual(read.sort());
  });

  it('have defaults that the app accepts', () => {
    const main = files.find(({ path }) => path === 'infra/main.bicep');
    const defaultOf = (param: string) => {
      const value = main?.params.find(({ name }) => name === param)?.default;
      return value?.kind === 'literal' ? String(value.value) : '';
    };
    expect(SETTINGS.KEYWATCH_SCAN_SCHEDULE.read(defaultOf('scanSchedule'))).toBeDefined();
    expect(SETTINGS.KEYWATCH_REFRESH_SCHEDULE.read(defaultOf('refreshSchedule'))).toBeDefined();
    expect(SETTINGS.KEYWATCH_SCAN_TIMEOUT_SECONDS.read(defaultOf('scanTimeoutSeconds'))).toBeDefined();
    expect(SETTINGS.KEYWATCH_INVENTORY_HOUR_UTC.read(defaultOf('inventoryHourUtc'))).toBeDefined();
    expect(SETTINGS.KEYWATCH_CONFIG_FILE.read(defaultOf('configFile'))).toBeDefined();
  });
});
