import { randomBytes } from 'node:crypto';
import {
  checkedName,
  contentTypeOf,
  jsonObject,
  newAttributes,
  secretValueOf,
  tagsOf,
} from './attributes.ts';
import { bundleOf } from './bundles.ts';
import { type Answer, type Call, ok, type Route, type RouteParameters, route } from './call.ts';
import { deletionRoutes, listingRoutes, updateOf, versionOf } from './collectionRoutes.ts';
import { forbidden } from './errors.ts';
import type { StoredVersion } from './storedObject.ts';

/** A version id as the service makes them: 32 random hexadecimal digits, in no order. */
export const newVersionId = (): string => randomBytes(16).toString('hex');

const set = (call: Call, { name }: RouteParameters): Answer => {
  const body = jsonObject(call.body, 'the body');
  const version: StoredVersion = {
    version: newVersionId(),
    attributes: newAttributes(body, call.nowSeconds),
    ...tagsOf(body),
    material: { type: 'secret', value: secretValueOf(body), ...contentTypeOf(body) },
  };
  call.store.addVersions(checkedName(name), [{ collection: 'secrets', version }]);
  return ok(withValue(call, name, version));
};

const get = (call: Call, parameters: RouteParameters): Answer => {
  const { object, found } = versionOf(call, 'secrets', parameters);
  // Key Vault gives out expired and not-yet-valid secrets: only `enabled` bars a read.
  if (!found.attributes.enabled) throw forbidden(`${object.name} is disabled`, 'SecretDisabled');
  return ok(withValue(call, object.name, found));
};

const withValue = ({ baseUrl }: Call, name: string, version: StoredVersion) => ({
  ...bundleOf(baseUrl, name, version),
  ...(version.material.type === 'secret' ? { value: version.material.value } : {}),
});

const update = updateOf('secrets', (material, body) => ({ ...material, ...contentTypeOf(body) }));

export const secretRoutes: readonly Route[] = [
  ...listingRoutes('secrets'),
  ...deletionRoutes('secrets'),
  route('PUT', '/secrets/:name', 'secrets/setSecret', set),
  route('GET', '/secrets/:name/:version?', 'secrets/getSecret', get),
  route('PATCH', '/secrets/:name/:version?', 'secrets/update', update),
];
