import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { listen, stop } from '../listen.ts';
import { replaceFile, stateFile } from '../stateFile.ts';
import { answerBulk, type BulkVault } from './bulk.ts';
import type { Answer } from './call.ts';
import { createTokenIssuer, type TokenIssuer } from './challenge.ts';
import { dispatch } from './dispatch.ts';
import { createFaultTable, type Faults } from './faults.ts';
import { authorize, type Identity } from './identities.ts';
import { createVaultSeeder, type VaultSeeder } from './seed.ts';
import { createVaultServer, type ParsedRequest, type WireEntry } from './vaultServer.ts';
import { createVaultStore, type VaultSnapshot, type VaultStore } from './vaultStore.ts';

const MAX_WIRE_ENTRIES = 10_000;
/** Of what is kept of a vault. */
const FORMAT = 1;

export interface VaultOptions {
  /** Letters, digits and hyphens, as Azure wants vault names. */
  readonly name: string;
  /** 0 (the default) takes any free port; a fixed one keeps identifiers equal from run to run. */
  readonly port?: number;
  /** Makes it a read-only vault of that many computed secrets. */
  readonly bulk?: BulkVault;
  /** Added to every answer but the challenge; 0 by default. */
  readonly latencyMs?: number;
}

export interface KeyVaultStandInOptions {
  readonly vaults: readonly VaultOptions[];
  readonly nowEpochMs: () => number;
  /** Where vaults are kept between two runs; absent: in memory only. */
  readonly folder?: string;
}

/** One vault: an origin of its own, as the SDK clients want. */
export interface StandInVault {
  readonly name: string;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly seed: VaultSeeder;
  /** What its newest version holds, for what has to agree with a vault that was kept; absent: there is no such secret. */
  newestSecret(name: string):
    | {
        readonly value: string;
        readonly tags: Readonly<Record<string, string>>;
        readonly expiresOnEpochMs: number | undefined;
      }
    | undefined;
  readonly faults: Faults;
  /** Every request so far, oldest first; the oldest fall out after 10,000. */
  readonly wireLog: readonly WireEntry[];
  clearWireLog(): void;
}

export interface KeyVaultStandIn {
  readonly vaults: readonly StandInVault[];
  /** Whose tokens are good here; for stand-ins of other services, which share the sign-in. */
  readonly tokens: TokenIssuer;
  /** The vault of that name; throws when there is none. */
  vault(name: string): StandInVault;
  /** What an SDK client of that identity is constructed with. */
  credentialFor(identity: Identity): TokenCredential;
  mintToken(identity: Identity, lifetimeMs?: number): string;
  /** Stops listening and breaks every open connection. */
  close(): Promise<void>;
}

/**
 * A Key Vault on loopback that the unmodified SDK clients talk to, one port a vault. Clients need
 * `allowInsecureConnection` and `disableChallengeResourceVerification`. What it does not implement
 * it refuses with 501.
 */
export const startKeyVaultStandIn = async (options: KeyVaultStandInOptions): Promise<KeyVaultStandIn> => {
  const tokens = createTokenIssuer(signingKeyOf(options.folder), options.nowEpochMs);
  const started: { vault: StandInVault; server: Server }[] = [];
  const close = async () => {
    await Promise.all(started.map(({ server }) => stop(server)));
  };
  try {
    for (const vault of options.vaults) started.push(await startVault(vault, options, tokens));
  } catch (error) {
    await close();
    throw error;
  }
  const vaults = started.map(({ vault }) => vault);
  return {
    vaults,
    tokens,
    vault(name) {
      const found = vaults.find((vault) => vault.name === name);
      if (found === undefined) throw new Error(`the stand-in hosts no vault ${name}`);
      return found;
    },
    credentialFor(identity) {
      tokens.know(identity);
      return { getToken: async () => tokens.mint(identity) };
    },
    mintToken: (identity, lifetimeMs) => tokens.mint(identity, lifetimeMs).token,
    close,
  };
};

const startVault = async (
  { name, port = 0, bulk, latencyMs = 0 }: VaultOptions,
  { nowEpochMs, folder }: KeyVaultStandInOptions,
  tokens: TokenIssuer,
) => {
  const store = storeOf(name, nowEpochMs, folder);
  const faults = createFaultTable();
  const wireLog: WireEntry[] = [];
  let baseUrl = '';

  const handle = ({ method, url, body, identity }: ParsedRequest): Answer | Promise<Answer> => {
    const request = { method, path: url.pathname, query: url.searchParams, baseUrl };
    if (bulk !== undefined) {
      authorize(identity, 'secrets/readMetadata', undefined);
      return answerBulk(bulk, request);
    }
    const nowSeconds = Math.floor(nowEpochMs() / 1000);
    return dispatch({ ...request, body, nowSeconds, store }, identity);
  };
  const record = (entry: WireEntry) => {
    if (wireLog.length >= MAX_WIRE_ENTRIES) wireLog.splice(0, MAX_WIRE_ENTRIES >> 1);
    wireLog.push(entry);
  };

  const server = createVaultServer({ tokens, faults, nowEpochMs, latencyMs, record, handle });
  baseUrl = await listen(server, port);
  const vault: StandInVault = {
    name,
    url: baseUrl,
    seed: createVaultSeeder(store, nowEpochMs),
    newestSecret(secretName) {
      if (!store.names('secrets').includes(secretName)) return undefined;
      const { material, attributes, tags = {} } = store.live('secrets', secretName).versions.at(-1) ?? {};
      if (material?.type !== 'secret') return undefined;
      const expiresOnEpochMs = attributes?.exp === undefined ? undefined : attributes.exp * 1000;
      return { value: material.value, tags, expiresOnEpochMs };
    },
    faults,
    wireLog,
    clearWireLog: () => {
      wireLog.length = 0;
    },
  };
  return { vault, server };
};

const storeOf = (name: string, nowEpochMs: () => number, folder: string | undefined): VaultStore => {
  const nowSeconds = () => Math.floor(nowEpochMs() / 1000);
  const file = stateFile(folder, `${name}.vault`);
  const kept = file.read() as { readonly format: number; readonly objects: VaultSnapshot } | undefined;
  if (kept !== undefined && kept.format !== FORMAT)
    throw new Error(
      `${name} is kept in format ${kept.format}, this version reads ${FORMAT}: delete its file`,
    );
  return createVaultStore({
    nowSeconds,
    initial: kept?.objects,
    save: folder === undefined ? undefined : (objects) => file.write(() => ({ format: FORMAT, objects })),
  });
};

/** Kept with the vaults, so that a token outlives a restart of the stand-in. */
const signingKeyOf = (folder: string | undefined): Buffer => {
  const fresh = randomBytes(32);
  if (folder === undefined) return fresh;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'token-signing-key');
  if (existsSync(path)) return Buffer.from(readFileSync(path, 'utf8'), 'base64url');
  replaceFile(path, fresh.toString('base64url'));
  return fresh;
};
