import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import {
  ALSO,
  CAPABILITIES,
  EXEMPT,
  FOLDER_RULES,
  type FolderRule,
  INSIDE,
  OFFERS,
  OUTSIDE,
  ROOMS,
} from './rooms.ts';
import { importsOf, ROOT, sourceFiles, textOf } from './sourceFiles.ts';

const roomOf = (file: string): string | undefined =>
  /^src\/lib\/(\w+)\//.exec(file)?.[1] ?? /^src\/(\w+)\//.exec(file)?.[1];

interface Edge {
  readonly file: string;
  readonly to: string;
  readonly says: string;
}

const edges: readonly Edge[] = sourceFiles('src').flatMap((file) =>
  importsOf(file).map((to) => ({ file, to, says: `${file} imports ${to}` })),
);
const isOurs = ({ to }: Edge): boolean => to.startsWith('src/');
const isPackage = ({ to }: Edge): boolean => !/^(src|infra)\/|\.json$/.test(to);

const breaksRoom = (edge: Edge): boolean => {
  const [from = '', to = ''] = [roomOf(edge.file), roomOf(edge.to)];
  const isOffered = CAPABILITIES.includes(from) && OFFERS[to] === edge.to;
  if (isOurs(edge)) return from !== to && ROOMS[from]?.uses.includes(to) !== true && !isOffered;
  return isPackage(edge) && ROOMS[from]?.packages.test(edge.to) !== true;
};

/** Whether somebody outside a capability uses of it what it does not offer. */
const breaksOffer = ({ file, to }: Edge): boolean => {
  const capability = roomOf(to) ?? '';
  if (roomOf(file) === capability || !Object.hasOwn(OFFERS, capability)) return false;
  return OFFERS[capability] !== to && !ALSO.some(({ who, what }) => who.test(file) && what.test(to));
};

const breaksFolder = ({ folders, may, by, fromWithin }: FolderRule, { file, to }: Edge): boolean => {
  if (may !== undefined && folders.test(file)) return !may.test(to);
  if (by === undefined || !folders.test(to) || by.test(file)) return false;
  return roomOf(file) !== roomOf(to) || (fromWithin !== undefined && !fromWithin.test(file));
};

const saysOf = (found: readonly Edge[]): string[] =>
  found.map(({ says }) => says).filter((says) => !Object.hasOwn(EXEMPT, says));

describe('the rooms', () => {
  it('has every file of src in one', () => {
    const homeless = sourceFiles('src').filter((file) => ROOMS[roomOf(file) ?? ''] === undefined);
    expect(homeless).toEqual([]);
  });

  for (const room of Object.keys(ROOMS))
    it(`${room} uses only the rooms below it and its own packages`, () => {
      const own = edges.filter(({ file }) => roomOf(file) === room);
      expect(own.length).toBeGreaterThan(0);
      expect(saysOf(own.filter(breaksRoom))).toEqual([]);
    });

  for (const rule of FOLDER_RULES)
    it(rule.because, () => {
      expect(edges.some(({ file }) => rule.folders.test(file))).toBe(true);
      expect(saysOf(edges.filter((edge) => breaksFolder(rule, edge)))).toEqual([]);
    });

  it('keeps SDKs and sockets of a capability in the folders that speak to the outside', () => {
    const inside = edges.filter(
      ({ file }) =>
        ['telemetry', 'oauth', 'directory', 'callers', ...CAPABILITIES].includes(roomOf(file) ?? '') &&
        !OUTSIDE.test(file),
    );
    expect(saysOf(inside.filter((edge) => isPackage(edge) && !INSIDE.test(edge.to)))).toEqual([]);
  });

  it('uses of a capability from outside what it offers in one file', () => {
    expect(Object.keys(OFFERS)).toEqual(CAPABILITIES);
    expect(saysOf(edges.filter(breaksOffer))).toEqual([]);
    const unused = ALSO.filter(
      ({ who, what }) => !edges.some(({ file, to }) => who.test(file) && what.test(to)),
    );
    expect(unused).toEqual([]);
  });

  it('exempts no import that is not there', () => {
    expect(Object.keys(EXEMPT).filter((says) => !edges.some((edge) => edge.says === says))).toEqual([]);
  });

  it('says no to imports that the rules forbid', () => {
    const edge = (file: string, to: string): Edge => ({ file, to, says: `${file} imports ${to}` });
    const rooms = [
      edge('src/lib/kernel/a.ts', 'src/lib/telemetry/b.ts'),
      edge('src/lib/scan/a.ts', 'src/lib/refresh/b.ts'),
      edge('src/lib/config/a.ts', 'src/lib/app/b.ts'),
      edge('src/lib/app/a.ts', 'src/local/b.ts'),
      edge('src/lib/app/a.ts', '@azure/functions'),
      edge('src/functions/a.ts', '@azure/storage-blob'),
    ];
    expect(rooms.filter((one) => !breaksRoom(one))).toEqual([]);
    const folders = [
      edge('src/lib/scan/rules/a.ts', 'src/lib/telemetry/b.ts'),
      edge('src/lib/scan/rules/a.ts', 'node:fs'),
      edge('src/lib/scan/a.ts', 'src/lib/scan/keyVault/b.ts'),
      edge('src/lib/app/a.ts', 'src/lib/refresh/protocol/b.ts'),
    ];
    expect(breaksRoom(edge('src/lib/scan/a.ts', 'src/lib/refresh/refresher.ts'))).toBe(false);
    expect(breaksOffer(edge('src/functions/a.ts', 'src/lib/refresh/refreshGrant.ts'))).toBe(true);
    const isBroken = (one: Edge) => FOLDER_RULES.some((rule) => breaksFolder(rule, one));
    expect(folders.every(isBroken)).toBe(true);
  });
});

describe('the packages of this repository', () => {
  const packages = readdirSync(join(ROOT, 'packages'));

  it.each(packages)('%s imports nothing but its own files, Node and what its package.json names', (name) => {
    const folder = `packages/${name}`;
    const { dependencies } = JSON.parse(textOf(`${folder}/package.json`));
    const strangers = sourceFiles(`${folder}/src`).flatMap((file) =>
      importsOf(file).filter(
        (to) => !to.startsWith(`${folder}/`) && !to.startsWith('node:') && !Object.hasOwn(dependencies, to),
      ),
    );
    expect(strangers).toEqual([]);
    expect(
      sourceFiles(`${folder}/test`)
        .flatMap(importsOf)
        .filter((to) => /^(src|test)\//.test(to)),
    ).toEqual([]);
  });
});

it('explains every folder and every dependency in docs/architecture.md', () => {
  const page = textOf('docs/architecture.md');
  const foldersOf = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}`);
  const folders = ['src', 'src/lib'].flatMap(foldersOf).filter((folder) => folder !== 'src/lib');
  expect(folders.filter((folder) => !page.includes(`| \`${folder}\``))).toEqual([]);
  const { dependencies, devDependencies, optionalDependencies } = packageJson;
  const packages = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  // The others of a family follow its first without its name: `-keys`.
  const isExplained = (name: string) =>
    page.includes(`\`${name}\``) || page.includes(`\`-${name.split('-').at(-1)}\``);
  expect(packages.filter((name) => !isExplained(name))).toEqual([]);
});

it('brings each library of the telemetry SDK once: npm dedupe, after an upgrade that brought copies', () => {
  const names = Object.keys(JSON.parse(textOf('package-lock.json')).packages).flatMap(
    (path) => /node_modules\/(@opentelemetry\/[^/]+)$/.exec(path)?.[1] ?? [],
  );
  const copies = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  // The instrumentation of Azure SDKs names older versions of these.
  expect([...copies].sort()).toEqual(['@opentelemetry/api-logs', '@opentelemetry/instrumentation']);
});
