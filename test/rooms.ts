/** The rooms of docs/architecture.md as data: what each folder of src may import. */
export interface Room {
  /** The rooms that it may use besides itself. */
  readonly uses: readonly string[];
  readonly packages: RegExp;
}

const NONE = /^(?!)/;
const SDKS = /^node:|^@azure\/(?!functions)/;
const SHARED = [
  'kernel',
  'credentials',
  'telemetry',
  'web',
  'azure',
  'oauth',
  'directory',
  'stores',
  'callers',
];
export const CAPABILITIES = ['scan', 'refresh', 'connect', 'prove', 'rotate', 'tokens', 'alerts', 'board'];
const LIB = [...SHARED, ...CAPABILITIES, 'config', 'app'];

/** The one file of a capability that says what others may ask of it, other capabilities among them. */
export const OFFERS: Readonly<Record<string, string>> = {
  scan: 'src/lib/scan/scanner.ts',
  refresh: 'src/lib/refresh/refresher.ts',
  connect: 'src/lib/connect/connector.ts',
  prove: 'src/lib/prove/prover.ts',
  rotate: 'src/lib/rotate/rotator.ts',
  tokens: 'src/lib/tokens/tokens.ts',
  alerts: 'src/lib/alerts/evaluateAlerts.ts',
  board: 'src/lib/board/board.ts',
};

/** What else of a capability is imported from outside, by whom, and why. */
export const ALSO: readonly { readonly who: RegExp; readonly what: RegExp; readonly because: string }[] = [
  {
    who: /^src\/(lib\/app|local)\//,
    what: /\/ports\.ts$/,
    because: 'the app, and a stand-in, joins a port with what serves it',
  },
  {
    who: /^src\/lib\/board\//,
    what: /\/scan\/(ports|scanTarget|rules\/(credential|renewal|status|vaultScan|worstFirst))\.ts$/,
    because: 'a page shows what a scan concluded',
  },
  { who: /^src\/lib\/app\//, what: /./, because: 'the app alone opens what speaks to the outside' },
  { who: /^src\/lib\/config\//, what: /\/rules\//, because: 'the configuration is what rules go by' },
  {
    who: /^src\/lib\/config\//,
    what: /\/prove\/(ports|configuredClient)\.ts$/,
    because: 'it names the clients that are proven, in the terms of who proves them',
  },
  {
    who: /^src\/functions\//,
    what: /\/rules\/(refreshMessage|scanRequest|tokenReply|tokenRequest|vaultEvent)\.ts$/,
    because: 'a trigger reads the message that it was sent, and writes its answer',
  },
  {
    who: /^src\/cli\//,
    what: /\/rules\/|\/(scanTarget|explainRefresh|refreshOutcome|proveClient|configuredClient)\.ts$/,
    because: 'a report says in words what rules decided, and what came of a scan, a refresh or a proof',
  },
  {
    who: /^src\/cli\/(check|report\/accessReport)\.ts$/,
    what: /\/scan\/(checkVault|ownCredentialEnds|ports)\.ts$/,
    because: '`npm run check` asks what no trigger ever asks',
  },
  {
    who: /^src\/cli\/(alerts\.ts|report\/|local\/)/,
    what: /\/alerts\/(alertRules|alertWords)\.ts$/,
    because: 'a report of alerts shows the rules with their words',
  },
];

/** Every folder of src that is a room, lowest first. */
export const ROOMS: Readonly<Record<string, Room>> = {
  kernel: { uses: [], packages: /^node:|^zod\/mini$/ },
  credentials: { uses: ['kernel'], packages: NONE },
  telemetry: { uses: ['kernel', 'credentials'], packages: /./ },
  web: { uses: ['kernel'], packages: /^node:crypto$/ },
  azure: { uses: ['kernel'], packages: SDKS },
  oauth: {
    uses: ['kernel', 'credentials', 'telemetry', 'azure'],
    packages: new RegExp(`${SDKS.source}|^zod/mini$`),
  },
  directory: { uses: ['kernel', 'credentials', 'telemetry', 'azure'], packages: SDKS },
  stores: { uses: ['kernel', 'azure', 'oauth'], packages: SDKS },
  callers: {
    uses: ['kernel', 'credentials', 'telemetry', 'web', 'stores'],
    packages: /^node:|^zod\/mini$|^jose$|^oauth4webapi$/,
  },
  scan: { uses: SHARED, packages: SDKS },
  refresh: { uses: SHARED, packages: new RegExp(`${SDKS.source}|^zod/mini$`) },
  connect: { uses: [...SHARED, 'refresh'], packages: SDKS },
  prove: { uses: SHARED, packages: new RegExp(`${SDKS.source}|^oauth4webapi$`) },
  rotate: { uses: SHARED, packages: /^node:|^zod\/mini$/ },
  tokens: { uses: [...SHARED, 'refresh'], packages: NONE },
  alerts: { uses: SHARED, packages: /^node:/ },
  board: { uses: [...SHARED, 'scan'], packages: new RegExp(`${SDKS.source}|^zod/mini$`) },
  config: { uses: [...SHARED, ...CAPABILITIES], packages: /^zod\/mini$/ },
  app: { uses: LIB, packages: SDKS },
  functions: { uses: [...SHARED, ...CAPABILITIES, 'app'], packages: /^@azure\/functions$/ },
  local: { uses: [...LIB, 'functions'], packages: /./ },
  cli: { uses: [...LIB, 'local'], packages: /^node:|^@azure\/identity$/ },
};

export interface FolderRule {
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
export const OUTSIDE =
  /^src\/lib\/(telemetry\/applicationInsights|callers\/(entra|openId)|azure\/logs|oauth\/(keyVault|tokenEndpoint)|stores\/(blob|keyVault)|directory\/graph|scan\/(keyVault|discovery|storage)|refresh\/stores|connect\/loopback|board\/blob|prove\/(entra|http|oauth|resource))\//;

export const FOLDER_RULES: readonly FolderRule[] = [
  {
    folders: PURE,
    may: /^src\/lib\/((kernel|credentials)\/|telemetry\/catalog\.ts$|\w+\/(rules|presets)\/|oauth\/clientAuthentication\/)|^zod\/mini$/,
    because:
      'rules are data in, data out: they know the kernel, the tables of credentials and telemetry, other rules and schemas',
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
export const INSIDE = /^node:(crypto|async_hooks|fs|path)$|^zod\/mini$/;

/** Imports that the rules forbid, each with the reason why it stays. */
export const EXEMPT: Readonly<Record<string, string>> = {
  'src/cli/alerts.ts imports src/lib/azure/logs/logsQuery.ts':
    'asks a workspace without the settings of an app, so it joins the two itself',
  'src/lib/prove/http/boundedRequest.ts imports src/lib/oauth/tokenEndpoint/decompress.ts':
    'one reader of bodies that were compressed although nobody asked for it',
  'src/lib/prove/http/boundedRequest.ts imports src/lib/oauth/tokenEndpoint/tokenConnection.ts':
    'one way to open a connection whose certificate is checked whatever the environment says',
  'src/local/localTelemetry.ts imports src/lib/telemetry/applicationInsights/applicationInsights.ts':
    'starts the exporter as the app does, with what it sends captured',
};
