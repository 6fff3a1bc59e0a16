interface SourceRow {
  readonly meaning: string;
  /** What people call what holds its credentials; in telemetry the attribute is `vault` for every source. */
  readonly target: { readonly one: string; readonly many: string };
  readonly namedIn: string;
  /** The job of its heartbeat: one run a target. */
  readonly job: string;
  /** The job that looks for targets which nobody named; no run of it is reported where all are named. */
  readonly discoveryJob: string;
  /** Stands in alerts for that search, where others name a target: a name that no target of any source can have. */
  readonly discoverySubject: string;
}

/** Where credentials are listed. A new one is a row here and an implementation of `CredentialSource`. */
export const CREDENTIAL_SOURCES = {
  keyvault: {
    meaning: 'the vaults of Azure Key Vault',
    target: { one: 'vault', many: 'vaults' },
    namedIn: 'KEYWATCH_VAULTS, KEYWATCH_SUBSCRIPTIONS or "vaults" of keywatch.config.json',
    job: 'keyvault-scan',
    discoveryJob: 'vault-discovery',
    discoverySubject: '(discovery)',
  },
  entra: {
    meaning: 'the applications of a tenant of Entra ID',
    target: { one: 'directory', many: 'directories' },
    namedIn: '"directory" of keywatch.config.json',
    job: 'entra-scan',
    discoveryJob: 'entra-discovery',
    discoverySubject: '(directories)',
  },
} as const satisfies Readonly<Record<string, SourceRow>>;

export type SourceName = keyof typeof CREDENTIAL_SOURCES;

/** What the config names, to be scanned. */
export interface NamedTarget {
  readonly source: SourceName;
  readonly target: string;
  /** What it is called, as no target of any source is beside it. */
  readonly name: string;
}

/** For whoever has nothing to scan: `vaults in … or directories in …`. */
export const WHERE_TO_NAME_TARGETS = Object.values(CREDENTIAL_SOURCES)
  .map(({ target, namedIn }) => `${target.many} in ${namedIn}`)
  .join(', or ');
