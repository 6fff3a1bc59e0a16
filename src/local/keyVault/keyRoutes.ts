import type { JsonWebKey } from 'node:crypto';
import { checkedName, jsonObject, newAttributes, tagsOf } from './attributes.ts';
import { bundleOf } from './bundles.ts';
import { type Answer, type Call, ok, type Route, type RouteParameters, route } from './call.ts';
import { deletionRoutes, listingRoutes, updateOf, versionOf } from './collectionRoutes.ts';
import { badParameter, forbidden } from './errors.ts';
import { generateJwk, unwrap } from './keyMaterial.ts';
import { signDigest } from './keySigning.ts';
import { newVersionId } from './secretRoutes.ts';
import { currentVersion, type RotationPolicy, type StoredVersion } from './storedObject.ts';

const RSA_OPERATIONS = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'];
const EC_OPERATIONS = ['sign', 'verify'];

export const defaultKeyOps = (jwk: JsonWebKey): readonly string[] =>
  jwk.kty === 'RSA' ? RSA_OPERATIONS : EC_OPERATIONS;

const keyOpsOf = (asked: unknown, jwk: JsonWebKey): readonly string[] => {
  if (asked === undefined || asked === null) return defaultKeyOps(jwk);
  if (Array.isArray(asked) && asked.every((operation) => typeof operation === 'string')) return asked;
  throw badParameter('key_ops must be a list of operations');
};

const store = (call: Call, name: string, jwk: JsonWebKey, asked: unknown): Answer => {
  const body = jsonObject(call.body, 'the body');
  const version: StoredVersion = {
    version: newVersionId(),
    attributes: newAttributes(body, call.nowSeconds),
    ...tagsOf(body),
    material: { type: 'key', jwk, keyOps: keyOpsOf(asked, jwk) },
  };
  call.store.addVersions(checkedName(name), [{ collection: 'keys', version }]);
  return ok(bundleOf(call.baseUrl, name, version));
};

const create = async (call: Call, { name }: RouteParameters): Promise<Answer> => {
  const { kty, key_size: keySize, crv: curve, key_ops: keyOps } = jsonObject(call.body, 'the body');
  return store(call, name, await generateJwk({ kty, keySize, curve }), keyOps);
};

const get = (call: Call, parameters: RouteParameters): Answer => {
  const { object, found } = versionOf(call, 'keys', parameters);
  return ok(bundleOf(call.baseUrl, object.name, found));
};

/** Of a key whose policy nobody has set. */
const NOTIFY_ONLY: RotationPolicy = {
  lifetimeActions: [{ trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } }],
};

const getRotationPolicy = ({ store, baseUrl }: Call, { name }: RouteParameters): Answer => {
  const { material } = currentVersion(store.live('keys', name));
  const policy = (material.type === 'key' && material.rotationPolicy) || NOTIFY_ONLY;
  return ok({ id: `${baseUrl}/keys/${name}/rotationpolicy`, ...policy });
};

const update = updateOf('keys', (material, { key_ops: keyOps }) =>
  material.type === 'key' && keyOps !== undefined
    ? { ...material, keyOps: keyOpsOf(keyOps, material.jwk) }
    : material,
);

const OPERATIONS = { sign: signDigest, unwrapKey: unwrap };
type KeyOperation = keyof typeof OPERATIONS;

const operate =
  (operation: KeyOperation) =>
  (call: Call, parameters: RouteParameters): Answer => {
    const { alg, value } = jsonObject(call.body, 'the body');
    if (typeof value !== 'string') throw badParameter('value must be base64url text');
    const { object, found } = versionOf(call, 'keys', parameters);
    const jwk = usableJwk(object.name, found, operation, call.nowSeconds);
    const result = OPERATIONS[operation](jwk, alg, Buffer.from(value, 'base64url'));
    return ok({
      kid: `${call.baseUrl}/keys/${object.name}/${found.version}`,
      value: result.toString('base64url'),
    });
  };

/**
 * Outside its dates a key still decrypts, unwraps, verifies and is released, so that what it sealed is not lost;
 * of these this stand-in has unwrapping. The other operations get 403 "Forbidden", for which no inner code is
 * documented: none is made up here, so that nothing can come to rely on it.
 * @see https://learn.microsoft.com/azure/key-vault/keys/about-keys-details#date-time-controlled-operations
 */
const usableJwk = (
  name: string,
  { attributes, material }: StoredVersion,
  operation: KeyOperation,
  nowSeconds: number,
): JsonWebKey => {
  if (material.type !== 'key') throw badParameter(`${name} is no key`);
  if (!attributes.enabled) throw forbidden(`${name} is disabled`, 'KeyDisabled');
  if (!material.keyOps.includes(operation))
    throw forbidden(`${name} does not allow ${operation}`, 'KeyOperationForbidden');
  const { nbf = 0, exp = Number.POSITIVE_INFINITY } = attributes;
  if (operation !== 'unwrapKey' && (nowSeconds < nbf || nowSeconds >= exp))
    throw forbidden(`${operation} is not allowed outside the dates of ${name}`);
  return material.jwk;
};

export const keyRoutes: readonly Route[] = [
  ...listingRoutes('keys'),
  ...deletionRoutes('keys'),
  route('GET', '/keys/:name/rotationpolicy', 'keyrotationpolicies/read', getRotationPolicy),
  route('POST', '/keys/:name/create', 'keys/create', create),
  route('GET', '/keys/:name/:version?', 'keys/read', get),
  route('PATCH', '/keys/:name/:version?', 'keys/update', update),
  route('POST', '/keys/:name/:version/sign', 'keys/sign', operate('sign')),
  route('POST', '/keys/:name/:version/unwrapkey', 'keys/unwrap', operate('unwrapKey')),
];
