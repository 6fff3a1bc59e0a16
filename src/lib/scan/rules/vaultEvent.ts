import { printable } from '../../kernel/printable.ts';
import { readVaultUrl } from '../../kernel/vaultUrl.ts';
import type { VaultObjectKind } from './credential.ts';

/** One object that something was said about: by Event Grid, or by a person. */
export interface ObjectReference {
  readonly vaultUrl: string;
  readonly kind: VaultObjectKind;
  readonly name: string;
  /** The version spoken of; absent means the current one. */
  readonly version: string | undefined;
}

/** An event of a vault, as far as Keywatch acts on it. */
export interface VaultEvent {
  readonly reference: ObjectReference;
  /** From the event's topic, in lower case; absent when the topic names none. */
  readonly subscriptionId: string | undefined;
}

export type VaultEventReading =
  | { readonly ok: true; readonly event: VaultEvent }
  | { readonly ok: false; readonly problem: string };

/** An identifier has about 300 characters at most: host, collection, name and version. An event may have 1 MiB. */
const LONGEST_ID = 512;

/** Of a resource id: Azure's own limit is far below. */
const LONGEST_TOPIC = 2_048;

/** A map, because the key comes from outside: an object would also find its inherited members. */
const COLLECTIONS: ReadonlyMap<string, VaultObjectKind> = new Map([
  ['secrets', 'secret'],
  ['keys', 'key'],
  ['certificates', 'certificate'],
]);

/** Event Grid sends up to 1 MiB at once; an event of a vault has less than 2 kB. */
const LONGEST_TEXT = 1024 * 1024;

/** The events of one delivery: one, or a batch of them, each as an object or as the JSON text of one. */
export const eventsOf = (given: unknown): readonly unknown[] => {
  const read = parsed(given);
  return Array.isArray(read) ? read.map(parsed) : [read];
};

/**
 * Reads an Event Grid event of Key Vault (`SecretNearExpiry` and the like), in Event Grid's own schema or as
 * a CloudEvent 1.0, with its data as an object, as text or in base64. The object is taken from `data.Id`, the
 * identifier that Key Vault itself would give it. Names of members are compared without regard to case.
 * @param allowLoopback also accept objects of a stand-in on this machine: for local mode only
 * @see https://learn.microsoft.com/azure/event-grid/event-schema-key-vault
 */
export const readVaultEvent = (given: unknown, allowLoopback = false): VaultEventReading => {
  const event = membersOf(given);
  const data = membersOf(event.get('data') ?? textOfBase64(event.get('data_base64')));
  const id = data.get('id');
  if (typeof id !== 'string' || id.length > LONGEST_ID || !URL.canParse(id)) {
    return { ok: false, problem: 'The event names no object: data.Id is missing or no address of one.' };
  }
  const url = new URL(id);
  const vault = readVaultUrl(url.origin, allowLoopback);
  if (!vault.ok) return { ok: false, problem: `The event is not of a vault: ${vault.problem}.` };
  const [, collection = '', name = '', version] = url.pathname.split('/');
  const kind = COLLECTIONS.get(collection);
  if (kind === undefined || !/^[0-9A-Za-z-]{1,127}$/.test(name) || url.username !== '') {
    return {
      ok: false,
      problem: `The event's data.Id "${printable(id)}" is not that of a secret, key or certificate.`,
    };
  }
  // A CloudEvent calls it its source.
  const topic = event.get('topic') ?? event.get('source');
  const subscription =
    typeof topic === 'string' && topic.length <= LONGEST_TOPIC
      ? /\/subscriptions\/([0-9a-f-]{36})\//i.exec(topic)?.[1]
      : undefined;
  return {
    ok: true,
    event: {
      reference: { vaultUrl: vault.vaultUrl, kind, name, version: version === '' ? undefined : version },
      subscriptionId: subscription?.toLowerCase(),
    },
  };
};

/** By name in lower case; empty for what is no object. Of two that differ in case only, the first counts. */
const membersOf = (given: unknown): ReadonlyMap<string, unknown> => {
  const value = parsed(given);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name.toLowerCase(), member]),
  );
};

/** What a JSON text, or its bytes, say; anything else as it is. */
const parsed = (given: unknown): unknown => {
  if (given instanceof Uint8Array && given.length <= LONGEST_TEXT)
    return parsed(new TextDecoder().decode(given));
  if (typeof given !== 'string' || given.length > LONGEST_TEXT) return given;
  try {
    return JSON.parse(given.replace(/^\uFEFF/, ''));
  } catch {
    return given;
  }
};

const textOfBase64 = (given: unknown): string | undefined => {
  if (typeof given !== 'string' || given.length > LONGEST_TEXT) return undefined;
  try {
    const bytes = Uint8Array.from(atob(given), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
};
