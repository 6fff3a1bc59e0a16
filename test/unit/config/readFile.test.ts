import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../scripts/configurationSchema.ts';
import { readConfigFile } from '../../../src/lib/config/readFile.ts';

const faults = (text: string) =>
  readConfigFile(text, 'k.json').issues.map(({ where, given, allowed }) => `${where}: ${given}; ${allowed}`);
const faultsIn = (value: unknown) => faults(JSON.stringify(value));
const VAULT = { url: 'https://kv-a.vault.azure.net' };

describe('the text of a config file', () => {
  it('is read with or without a byte order mark', () => {
    const text = JSON.stringify({ vaults: [{ ...VAULT, warning: 30, critical: '10%' }] });
    for (const given of [text, `\uFEFF${text}`]) {
      expect(readConfigFile(given, 'k.json').file).toEqual({
        vaults: [{ ...VAULT, warning: { days: 30 }, critical: { lifetimeShare: 0.1 } }],
      });
    }
  });

  it('that is no JSON is one fault with its place, and without the text around it', () => {
    expect(faults('{\n  "clientSecret": "hunter2hunter2",\n  oops\n}')).toEqual([
      'k.json: no JSON (at line 3, column 3); a JSON object',
    ]);
    expect(faults('')).toEqual(['k.json: no JSON (it ends too early, or is empty); a JSON object']);
    expect(faults('{\n  "a": true,\n  "b": hunter2,\n  "c": 1\n}')).toEqual([
      'k.json: no JSON (at line 3, column 8); a JSON object',
    ]);
    expect(faults('{"a":]')).toEqual(['k.json: no JSON (at line 1, column 6); a JSON object']);
  });

  it('that is nested without end is one fault, whether it ends or not, and brackets in a text are none', () => {
    const deep = ['k.json: more than 100 levels of objects and lists; a JSON object of fewer'];
    for (const levels of [101, 5_000, 200_000]) {
      expect(faults(`${'['.repeat(levels)}${']'.repeat(levels)}`)).toEqual(deep);
      expect(faults('{"grants":['.repeat(levels))).toEqual(deep);
    }
    expect(faults(JSON.stringify({ $schema: '["{'.repeat(1_000) }))).toEqual([]);
  });

  it('that has a member twice is told so, as all but the last would be passed over', () => {
    const vaults = JSON.stringify([VAULT]);
    const text = `{\n"vaults": ${vaults},\n"rules": [{ "match": {} }, { "match": {}, "m\\u0061tch": {} }],\n"vaults": []\n}`;
    expect(faults(text)).toEqual([
      'k.json: rules[1].match: a second time, at line 3; each member once',
      'k.json: vaults: a second time, at line 4; each member once',
    ]);
    expect(readConfigFile(text, 'k.json').file).toEqual({});
    expect(faults(`{"vaults": ${vaults}, "defaults": {"owner": "\\": [{\\"a\\":1"}}`)).toEqual([]);
  });

  it.each([[null], [[]], ['text'], [7]])('that says %j is no object of ours', (value) => {
    expect(faultsIn(value)).toEqual([expect.stringContaining('k.json: (top level): ')]);
  });

  it('with a typing error in a key names the key and the near one', () => {
    expect(faultsIn({ valuts: [] })).toEqual([
      'k.json: valuts: a name that Keywatch does not know; "vaults", if that was meant',
    ]);
    expect(faultsIn({ vaults: [VAULT, { ...VAULT, ownr: 'x' }] })).toEqual([
      'k.json: vaults[1].ownr: a name that Keywatch does not know; "owner", if that was meant',
    ]);
    expect(faultsIn({ defaults: { something: 1 } })).toEqual([
      expect.stringContaining('; warning, critical, endedLongAgoDays, mustExpire, owner'),
    ]);
  });

  it('says of every wrong value where it is, what it is and what is allowed', () => {
    expect(
      faultsIn({
        defaults: { warning: -5, critical: '200%' },
        vaults: [{ url: 7 }, { ...VAULT, name: 'my vault' }, { name: 'x' }],
      }),
    ).toEqual([
      expect.stringMatching(/^k\.json: defaults\.warning: -5; a number of days from 0/),
      expect.stringMatching(/^k\.json: defaults\.critical: "200%"; a number of days from 0/),
      'k.json: vaults[0].url: 7; a value of type string',
      expect.stringMatching(/^k\.json: vaults\[1\]\.name: "my vault"; a name of up to 63/),
      'k.json: vaults[2].url: missing; a value of type string',
    ]);
  });

  it('names the words of a choice by its kind', () => {
    expect(faultsIn({ providers: [{ id: 'a', rotation: { kind: 'srtict' } }] })).toEqual([
      'k.json: providers[0].rotation.kind: "srtict"; "static", "keeps_old", "grace", "strict"',
    ]);
  });

  it('does not show what stands where the name of a secret belongs: it may be the secret', () => {
    const grant = { id: 'crm', provider: 'idp', vault: VAULT.url, clientId: 'desk' };
    const clientSecret = { secretName: 'hunter2/hunter2==' };
    expect(faultsIn({ grants: [{ ...grant, secretName: 'a', clientSecret }] })).toEqual([
      expect.stringMatching(
        /^k\.json: grants\[0\]\.clientSecret\.secretName: a text .* \(not shown\); the name/,
      ),
    ]);
    expect(faultsIn({ grants: [grant] })).toEqual([
      'k.json: grants[0].secretName: missing; a value of type string',
    ]);
  });

  it('shows names that others wrote without what a terminal obeys', () => {
    expect(faultsIn({ '\u001b[2J': 1, defaults: { owner: { '\u202e': 1 } } }).join()).not.toMatch(
      /[\p{Cc}\p{Cf}]/u,
    );
  });

  it('that is any JSON at all is read or refused, never a crash', () => {
    const member = fc.constantFrom(
      'vaults',
      'defaults',
      'grants',
      'providers',
      '__proto__',
      'constructor',
      'x',
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(member, fc.jsonValue())), (value) => {
        const { file, issues: found } = readConfigFile(JSON.stringify(value), 'k.json');
        if (found.length === 0) expect(file).toBeDefined();
        for (const { allowed } of found) expect(allowed).not.toMatch(/^$|Invalid input/);
      }),
    );
  });
});

describe('every member of the config file', () => {
  const { properties = {} } = configurationSchema();
  const sections = Object.entries(properties).filter(([name]) => name !== '$schema');
  const members = sections.flatMap(([section, { items, properties: own = items?.properties ?? {} }]) =>
    Object.keys(own).map((member) => ({ section, member, isList: items !== undefined })),
  );
  const wrong = fc.oneof(
    fc.constantFrom(null, '', ' ', -1, 0.5, 1e99, true, [], {}, 'x'.repeat(10_000), '\u001b[2J', [[]]),
    fc.jsonValue(),
  );

  it.each(members)(
    '$section.$member is taken, or said to be wrong where it is',
    ({ section, member, isList }) => {
      fc.assert(
        fc.property(wrong, (value) => {
          const entry = { [member]: value };
          const { issues } = readConfigFile(
            JSON.stringify({ [section]: isList ? [entry] : entry }),
            'k.json',
          );
          const place = `k.json: ${section}${isList ? '[0]' : ''}`;
          for (const { where, given, allowed } of issues) {
            expect(where.startsWith(place)).toBe(true);
            expect(given).not.toMatch(/^$|[\p{Cc}\p{Cf}]/u);
            expect(allowed).not.toMatch(/^$|Invalid input/);
          }
        }),
        { numRuns: 25 },
      );
    },
  );
});

describe('a literal secret', () => {
  const SECRET = 'Xy7~canary-CANARY-canary-0123456789';
  const JWT = `eyJhbGciOiJub25lIn0.${SECRET.replace('~', '')}`;

  it.each([
    ['clientSecret', { grants: [{ clientSecret: SECRET }] }],
    ['client_secret', { providers: [{ extraParameters: { client_secret: SECRET } }] }],
    ['Api-Key', { providers: [{ variables: { 'Api-Key': SECRET } }] }],
    ['refresh_token', { refresh_token: SECRET }],
    ['a number', { vaults: [{ password: 8_675_309_867 }] }],
    ['a JWT in any member', { defaults: { owner: `team ${JWT}` } }],
    ['a PEM', { $schema: `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}` }],
    ['a storage key', { $schema: `DefaultEndpointsProtocol=https;AccountKey=${SECRET}` }],
    ['a signature', { $schema: `https://x.example/?sig=${SECRET.replace('~', 'a')}` }],
    [
      'the secret of an Entra app',
      { defaults: { owner: `abc8Q~${'canary-CANARY-'.repeat(3).slice(0, 34)}` } },
    ],
  ])('as %s is refused by its place and never shown', (_what, value) => {
    const found = faultsIn(value);
    expect(found).toEqual([expect.stringContaining('a literal secret (not shown)')]);
    expect(found.join()).not.toMatch(/canary|8675309/i);
  });

  it('is not seen in the name of one, nor in ordinary values', () => {
    const reference = { vault: VAULT.url, secretName: 'partner-client-secret' };
    expect(faultsIn({ grants: [{ clientSecret: reference }] }).join()).not.toContain('literal secret');
  });
});
