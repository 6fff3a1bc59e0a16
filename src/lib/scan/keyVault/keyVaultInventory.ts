import type { TokenCredential } from '@azure/core-auth';
import type { AzureFailure } from '../../azure/azureErrorReason.ts';
import type { Clock } from '../../kernel/clock.ts';
import { epochMsOf } from '../../kernel/epochMsOf.ts';
import { readVaultUrl } from '../../kernel/vaultUrl.ts';
import type { Inventory, OnPage } from '../ports.ts';
import type { CredentialMetadata, VaultObjectKind } from '../rules/credential.ts';
import type { ListedProperties, MetadataListings } from './keyVaultClients.ts';
import { inventoryFailureOf } from './keyVaultErrors.ts';

export interface KeyVaultInventoryOptions {
  readonly credential: TokenCredential;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  /** True under `npm start` only: without it a loopback vault is refused. */
  readonly allowLoopback?: boolean;
  /** For jitter; `Math.random` by default. */
  readonly random?: () => number;
}

interface Walk {
  readonly vaultUrl: string;
  readonly kind: VaultObjectKind;
  /** Whose versions; absent: all objects of the kind. */
  readonly name?: string;
  readonly signal: AbortSignal;
  readonly onPage: OnPage;
}

interface Client {
  readonly listings: MetadataListings;
  /** Of its last answer. */
  serverDateEpochMs?: number | undefined;
}

type WalkOutcome =
  | { readonly ok: true; readonly pages: number }
  | { readonly ok: false; readonly pages: number; readonly failure: AzureFailure };

const REQUEST_TIMEOUT_MS = 30_000;
const NO_TAGS: Readonly<Record<string, string>> = Object.freeze({});
const NEVER = new AbortController().signal;

/** The inventory over the official SDK clients. Each listing of a vault has a client of its own. */
export const keyVaultInventory = (options: KeyVaultInventoryOptions): Inventory => {
  const { credential, clock, allowLoopback = false, random = Math.random } = options;

  const open = async (kind: VaultObjectKind, vaultUrl: string, signal: AbortSignal): Promise<Client> => {
    const bounds = { requestTimeoutMs: REQUEST_TIMEOUT_MS, signal };
    const onServerDate = (epochMs: number | undefined): void => {
      client.serverDateEpochMs = epochMs;
    };
    const connection = { credential, clock, random, allowLoopback, onServerDate, ...bounds };
    // The SDKs take longer to load than everything else together: not before the first scan.
    const { openMetadataListings } = await import('./keyVaultClients.ts');
    const client: Client = { listings: await openMetadataListings(kind, { vaultUrl, ...connection }) };
    return client;
  };

  // The SDK signs in anew with each client, by a request of its own: one for all single objects of a scan.
  const clients = new WeakMap<AbortSignal, Map<string, Promise<Client>>>();
  const sharedClient = (kind: VaultObjectKind, vaultUrl: string, signal: AbortSignal): Promise<Client> => {
    const known = clients.get(signal) ?? new Map<string, Promise<Client>>();
    clients.set(signal, known);
    const client = known.get(`${vaultUrl} ${kind}`) ?? open(kind, vaultUrl, signal);
    known.set(`${vaultUrl} ${kind}`, client);
    return client;
  };

  const walk = async ({ vaultUrl, kind, name, signal, onPage }: Walk): Promise<WalkOutcome> => {
    const reading = readVaultUrl(vaultUrl, allowLoopback);
    if (!reading.ok) return { ok: false, pages: 0, failure: refusedAddress(reading.problem) };
    const client = await (name === undefined ? open : sharedClient)(kind, reading.vaultUrl, signal);
    const { listings } = client;
    const listed = name === undefined ? listings.list() : listings.listVersions(name);
    const pageIterator = listed[Symbol.asyncIterator]();
    const takePage = async () => {
      const next = await pageIterator.next().then(
        (result) => ({ ok: true, result }) as const,
        (cause: unknown) => ({ ok: false, cause }) as const,
      );
      if (!next.ok) return next;
      if (next.result.done === true) return { ok: true, objects: undefined } as const;
      // The iterator of the SDK holds a page until the next has come, and V8 takes what outlives a collection for old.
      const objects = next.result.value.splice(0).map((properties) => metadataOf(kind, properties));
      await onPage(objects, client.serverDateEpochMs);
      return { ok: true, objects: objects.length } as const;
    };
    for (let pages = 0, objects = 0; ; pages += 1) {
      const taken = await takePage();
      if (!taken.ok) {
        const nowEpochMs = clock.nowEpochMs();
        const one = name === undefined ? undefined : ({ name, asked: 'versions' } as const);
        const context = { vaultUrl, kind, one, pages, objects, nowEpochMs, timeIsUp: signal.aborted };
        return { ok: false, pages, failure: inventoryFailureOf(taken.cause, context) };
      }
      if (taken.objects === undefined) return { ok: true, pages };
      objects += taken.objects;
    }
  };

  return {
    list: (vaultUrl, kind, onPage, signal = NEVER) => walk({ vaultUrl, kind, signal, onPage }),
    async listVersions(vaultUrl, kind, name, signal = new AbortController().signal) {
      const versions: CredentialMetadata[] = [];
      let serverDateEpochMs: number | undefined;
      const outcome = await walk({
        vaultUrl,
        kind,
        name,
        signal,
        onPage(page, dateEpochMs) {
          versions.push(...page);
          serverDateEpochMs = dateEpochMs;
        },
      });
      if (outcome.ok) return { ok: true, versions, serverDateEpochMs };
      const { failure } = outcome;
      // A 404 that the vault itself gives: the object is gone. A vault that is gone has no answer at all.
      return failure.httpStatus === 404 ? { ok: true, versions: [] } : failure;
    },
    async renewalPolicy(vaultUrl, kind, name, signal = new AbortController().signal) {
      const reading = readVaultUrl(vaultUrl, allowLoopback);
      if (!reading.ok) return refusedAddress(reading.problem);
      try {
        const { listings } = await sharedClient(kind, reading.vaultUrl, signal);
        const policy = await listings.renewalPolicy?.(name);
        return { ok: true, policy: policy ?? { isEnabled: true, triggers: [] } };
      } catch (cause) {
        const context = { vaultUrl, kind, pages: 0, objects: 0, nowEpochMs: clock.nowEpochMs() };
        return inventoryFailureOf(cause, {
          ...context,
          one: { name, asked: 'policy' },
          timeIsUp: signal.aborted,
        });
      }
    },
  };
};

const refusedAddress = (problem: string): AzureFailure => ({
  ok: false,
  code: 'scan_rejected',
  reason: 'rejected',
  retryable: false,
  message: `No token is sent there: ${problem}.`,
  action: 'Correct the address in the list of vaults.',
});

const metadataOf = (kind: VaultObjectKind, properties: ListedProperties): CredentialMetadata => ({
  kind,
  name: properties.name ?? '',
  version: properties.version,
  // Absent is taken as enabled: an alert too many is better than one too few.
  enabled: properties.enabled !== false,
  createdEpochMs: epochMsOf(properties.createdOn),
  notBeforeEpochMs: epochMsOf(properties.notBefore),
  expiresOnEpochMs: epochMsOf(properties.expiresOn),
  managed: properties.managed === true,
  tags: properties.tags ?? NO_TAGS,
});
