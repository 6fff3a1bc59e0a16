import { bundleOf, deletedBundleOf, deletionOf, itemOf } from './bundles.ts';
import { type Answer, type Call, ok, pathPattern, type Route } from './call.ts';
import { WireError } from './errors.ts';
import type { DataAction } from './identities.ts';
import { nextLinkOf, pageOf, pageRequestOf } from './paging.ts';
import { type Collection, currentVersion, type StoredObject, type StoredVersion } from './storedObject.ts';

const READ_ACTION = {
  secrets: 'secrets/readMetadata',
  keys: 'keys/read',
  certificates: 'certificates/read',
} as const satisfies Record<Collection, DataAction>;

/** What secrets, keys and certificates have in common: listings, versions and soft deletion. */
export const collectionRoutes = (collection: Collection): readonly Route[] => {
  const read = READ_ACTION[collection];
  return [
    { method: 'GET', path: pathPattern(`/${collection}`), action: read, handle: list(collection) },
    {
      method: 'GET',
      path: pathPattern(`/${collection}/:name/versions`),
      action: read,
      handle: (call, { name }) => listVersions(call, collection, name),
    },
    {
      method: 'DELETE',
      path: pathPattern(`/${collection}/:name`),
      action: `${collection}/delete`,
      handle: ({ store, baseUrl }, { name }) =>
        ok(deletedBundleOf(baseUrl, collection, store.softDelete(collection, name))),
    },
    {
      method: 'GET',
      path: pathPattern(`/deleted${collection}`),
      action: read,
      handle: listDeleted(collection),
    },
    {
      method: 'GET',
      path: pathPattern(`/deleted${collection}/:name`),
      action: read,
      handle: ({ store, baseUrl }, { name }) =>
        ok(deletedBundleOf(baseUrl, collection, store.deleted(collection, name))),
    },
    {
      method: 'POST',
      path: pathPattern(`/deleted${collection}/:name/recover`),
      action: `${collection}/recover`,
      handle: ({ store, baseUrl }, { name }) => {
        const recovered = store.recover(collection, name);
        return ok(bundleOf(baseUrl, recovered.name, currentVersion(recovered)));
      },
    },
    {
      method: 'DELETE',
      path: pathPattern(`/deleted${collection}/:name`),
      action: `${collection}/purge`,
      handle: ({ store }, { name }) => {
        store.purge(collection, name);
        return { status: 204 };
      },
    },
  ];
};

const list =
  (collection: Collection) =>
  (call: Call): Answer =>
    namedPage(call, 'live', collection, (object) =>
      itemOf(call.baseUrl, collection, object.name, { version: currentVersion(object), withVersion: false }),
    );

const listDeleted =
  (collection: Collection) =>
  (call: Call): Answer =>
    namedPage(call, 'deleted', collection, (object) => ({
      ...itemOf(call.baseUrl, collection, object.name, {
        version: currentVersion(object),
        withVersion: false,
      }),
      ...deletionOf(call.baseUrl, collection, object),
    }));

const namedPage = (
  { store, query, baseUrl, path }: Call,
  state: 'live' | 'deleted',
  collection: Collection,
  render: (object: StoredObject) => unknown,
): Answer => {
  const lower = (name: string) => name.toLowerCase();
  const { items, nextAfter } = pageOf(store.names(collection, state), lower, pageRequestOf(query));
  return ok({
    value: items.map((name) => render(store[state](collection, name))),
    nextLink: nextAfter === undefined ? null : nextLinkOf(baseUrl, path, query, nextAfter),
  });
};

/** Versions come in the order of their random ids: whoever wants the newest has to look at the times. */
const listVersions = ({ store, query, baseUrl, path }: Call, collection: Collection, name: string) => {
  const object = store.live(collection, name);
  const ordered = object.versions.toSorted((a, b) => (a.version < b.version ? -1 : 1));
  const { items, nextAfter } = pageOf(ordered, ({ version }) => version, pageRequestOf(query));
  return ok({
    value: items.map((version) => itemOf(baseUrl, collection, object.name, { version, withVersion: true })),
    nextLink: nextAfter === undefined ? null : nextLinkOf(baseUrl, path, query, nextAfter),
  });
};

/** The version that a path names, or the newest one; refuses with 404. */
export const versionOf = (
  { store }: Call,
  collection: Collection,
  { name, version }: { name: string; version: string },
): { object: StoredObject; found: StoredVersion } => {
  const object = store.live(collection, name);
  const found =
    version === '' ? currentVersion(object) : object.versions.find((one) => one.version === version);
  if (found !== undefined) return { object, found };
  const code = { secrets: 'SecretNotFound', keys: 'KeyNotFound', certificates: 'CertificateNotFound' };
  throw new WireError(404, code[collection], `${name} has no version ${version}`);
};
