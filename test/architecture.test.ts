import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { importsOf, ROOT, sourceFiles, textOf } from './sourceFiles.ts';

/** The rooms of docs/architecture.md as data: what each folder of src may import. */
interface Room {
  /** The rooms that it may use besides itself. */
  readonly uses: readonly string[];
  readonly packages: RegExp;
}

const NONE = /^(?!)/;
const SDKS = /^node:|^@azure\/(?!functions)/;
const SHARED = ['kernel', 'credentials', 'telemetry', 'azure', 'oauth'];
const CAPABILITIES = ['scan', 'refresh', 'alerts'];
const LIB = [...SHARED, ...CAPABILITIES, 'config', 'app'];

/** Every folder of src that is a room, lowest first. A capability uses no other: what two need moves down. */
const ROOMS: Readonly<Record<string, Room>> = {
  kernel: { uses: [], packages: /^node:|^zod\/mini$/ },
  credentials: { uses: ['kernel'], packages: NONE },
  telemetry: { uses: ['kernel', 'credentials'], packages: /./ },
  azure: { uses: ['kernel'], packages: SDKS },
  oauth: {
    uses: ['kernel', 'credentials', 'telemetry', 'azure'],
    packages: new RegExp(`${SDKS.source}|^zod/mini$`),
  },
  scan: { uses: SHARED, packages: SDKS },
  refresh: { uses: SHARED, packages: new RegExp(`${SDKS.source}|^(jose|zod)(/|$)`) },
  alerts: { uses: SHARED, packages: SDKS },
  config: { uses: [...SHARED, ...CAPABILITIES], packages: /^zod\/mini$/ },
  app: { uses: LIB, packages: SDKS },
  functions: { uses: [...SHARED, ...CAPABILITIES, 'app'], packages: /^@azure\/functions$/ },
  local: { uses: [...LIB, 'functions'], packages: /./ },
  cli: { uses: [...LIB, 'local'], packages: /^node:|^@azure\/identity$/ },
};

interface FolderRule {
  readonly folders: RegExp;
  /** What a file in such a folder may import; absent: what its room may. */
  readonly may?: RegExp;
  /** Who may import a file of such a folder besides its own room; absent: whoever may use the room. */
  readonly by?: RegExp;
  /** Whether the rest of its own room must not import it either. */
  readonly fromWithin?: RegExp;
  readonly because: string;
}

const PURE = /\/(rules|presets)\//;
const OUTSIDE =
  /^src\/lib\/(telemetry\/applicationInsights|oauth\/(keyVault|tokenEndpoint)|scan\/(keyVault|discovery|storage)|refresh\/stores|alerts\/logs)\//;

const FOLDER_RULES: readonly FolderRule[] = [
  {
    folders: PURE,
    may: /^src\/lib\/((kernel|credentials)\/|\w+\/(rules|presets)\/|oauth\/clientAuthentication\/)|^zod\/mini$/,
    because:
      'rules are data in, data out: they know the kernel, tables of credentials, other rules and schemas',
  },
  {
    folders: OUTSIDE,
    by: /^src\/lib\/app\//,
    fromWithin: OUTSIDE,
    because: 'what speaks to one outside system serves a port, and only the app joins the two',
  },
  {
    folders: /^src\/lib\/refresh\/protocol\//,
    by: NONE,
    because: 'nobody takes a single step of the refresh protocol from outside',
  },
  {
    folders: /^src\/local\//,
    by: /^src\/cli\/(start\.ts|local\/)/,
    because: 'stand-ins are for `npm start` alone, and for the run of it that `npm run alerts` judges',
  },
];

/** SDKs and sockets live in the folders named for what they speak to; this is what the rest may use. */
const INSIDE = /^node:(crypto|async_hooks|fs|path)$|^zod\/mini$/;

/** Imports that the rules forbid, each with the reason why it stays. */
const EXEMPT: Readonly<Record<string, string>> = {
  'src/cli/alerts.ts imports src/lib/alerts/logs/logsQuery.ts':
    'asks a workspace without the settings of an app, so it joins the two itself',
  'src/local/localTelemetry.ts imports src/lib/telemetry/applicationInsights/applicationInsights.ts':
    'starts the exporter as the app does, with what it sends captured',
};

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
  if (isOurs(edge)) return from !== to && ROOMS[from]?.uses.includes(to) !== true;
  return isPackage(edge) && ROOMS[from]?.packages.test(edge.to) !== true;
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
        ['telemetry', 'oauth', ...CAPABILITIES].includes(roomOf(file) ?? '') && !OUTSIDE.test(file),
    );
    expect(saysOf(inside.filter((edge) => isPackage(edge) && !INSIDE.test(edge.to)))).toEqual([]);
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
