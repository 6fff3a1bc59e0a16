import { changedAttributes, jsonObject, tagsOf } from './attributes.ts';
import { bundleOf, deletedBundleOf, itemOf } from './bundles.ts';
import { type Answer, type Call, ok, type Route, type RouteParameters, route } from './call.ts';
import { notImplemented, WireError } from './errors.ts';
import type { DataAction } from './identities.ts';
import { nextLinkOf, pageOf, pageRequestOf } from './paging.ts';
import {
  type Collection,
  currentVersion,
  type Material,
  type StoredObject,
  type StoredVersion,
} from './storedObject.ts';

const READ_ACTION = {
  secrets: 'secrets/readMetadata',
  keys: 'keys/read',
  certificates: 'certificates/read',
} as const satisfies Record<Collection, DataAction>;

/** What secrets, keys and certificates have in common: listings of objects and of their versions. */
export const listingRoutes = (collection: Collection): readonly Route[] => {
  const read = READ_ACTION[collection];
  return [
    route('GET', `/${collection}`, read, list(collection)),
    route('GET', `/${collection}/:name/versions`, read, (call, { name }) =>
      listVersions(call, collection, name),
    ),
  ];
};

/** What soft deletion leaves of a secret or a key: an object that can be looked for, and a name that is taken. */
export const deletionRoutes = (collection: 'secrets' | 'keys'): readonly Route[] => {
  const shown = ({ baseUrl }: Call, object: StoredObject) => ok(deletedBundleOf(baseUrl, collection, object));
  return [
    route('DELETE', `/${collection}/:name`, `${collection}/delete`, (call, { name }) =>
      shown(call, call.store.softDelete(collection, name)),
    ),
    route('GET', `/deleted${collection}/:name`, READ_ACTION[collection], (call, { name }) =>
      shown(call, call.store.deleted(collection, name)),
    ),
  ];
};

/** Changes one version of a secret or a key. @param materialOf what a body makes of its material */
export const updateOf =
  (
    collection: 'secrets' | 'keys',
    materialOf: (material: Material, body: ReturnType<typeof jsonObject>) => Material,
  ) =>
  (call: Call, parameters: RouteParameters): Answer => {
    // Whether the service takes an empty version as the newest one is not known: name the version.
    if (parameters.version === '') throw notImplemented(`updating ${collection} without naming a version`);
    const body = jsonObject(call.body, 'the body');
    const { object, found } = versionOf(call, collection, parameters);
    const changed: StoredVersion = {
      ...found,
      attributes: changedAttributes(found.attributes, body, call.nowSeconds),
      ...tagsOf(body),
      material: materialOf(found.material, body),
    };
    call.store.replaceVersion(collection, object.name, changed);
    return ok(bundleOf(call.baseUrl, object.name, changed));
  };

const list =
  (collection: Collection) =>
  ({ store, query, baseUrl, path }: Call): Answer => {
    const lower = (name: string) => name.toLowerCase();
    const { items, nextAfter } = pageOf(store.names(collection), lower, pageRequestOf(query));
    const itemNamed = (name: string) => {
      const object = store.live(collection, name);
      return itemOf(baseUrl, collection, object.name, {
        version: currentVersion(object),
        withVersion: false,
      });
    };
    return ok({
      value: items.map(itemNamed),
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
