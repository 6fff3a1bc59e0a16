import { changedAttributes, checkedName, jsonObject, newAttributes, tagsOf } from './attributes.ts';
import { bundleOf } from './bundles.ts';
import { type Answer, type Call, ok, pathPattern, type Route, type RouteParameters } from './call.ts';
import { certificateVersions, readPem, validityOf } from './certificateVersions.ts';
import { collectionRoutes, versionOf } from './collectionRoutes.ts';
import { badParameter, notImplemented } from './errors.ts';
import type { StoredVersion } from './storedObject.ts';

const importCertificate = (call: Call, { name }: RouteParameters): Answer => {
  const body = jsonObject(call.body, 'the body');
  const certificate = readPem(pemTextOf(body['value']));
  if (certificate.privateJwk === undefined) throw badParameter('an import needs the private key as well');
  const attributes = { ...newAttributes(body, call.nowSeconds), ...validityOf(certificate) };
  call.store.addVersions(checkedName(name), certificateVersions(certificate, attributes, tagsOf(body)));
  return get(call, { name, version: '' });
};

/** PEM as text, or as base64 of the text; PKCS #12 is what it does not read. */
const pemTextOf = (value: unknown): string => {
  if (typeof value !== 'string') throw badParameter('value must be a string');
  if (value.includes('-----BEGIN ')) return value;
  const decoded = Buffer.from(value, 'base64').toString();
  if (decoded.includes('-----BEGIN ')) return decoded;
  throw notImplemented('importing PKCS #12: import PEM');
};

const get = (call: Call, parameters: RouteParameters): Answer => {
  const { object, found } = versionOf(call, 'certificates', parameters);
  return ok(bundleOf(call.baseUrl, object.name, found));
};

const getPolicy = (call: Call, { name }: RouteParameters): Answer => {
  const { material } = versionOf(call, 'certificates', { name, version: '' }).found;
  const id = `${call.baseUrl}/certificates/${name}/policy`;
  return ok({ id, ...(material.type === 'certificate' ? material.policy : {}) });
};

/** Enables, disables or tags a version; its dates are those of the certificate and stay. */
const update = (call: Call, parameters: RouteParameters): Answer => {
  if (parameters.version === '') throw notImplemented('updating a certificate without naming its version');
  const body = jsonObject(call.body, 'the body');
  const { object, found } = versionOf(call, 'certificates', parameters);
  const { nbf, exp } = found.attributes;
  const changed: StoredVersion = {
    ...found,
    attributes: {
      ...changedAttributes(found.attributes, body, call.nowSeconds),
      ...(nbf === undefined ? {} : { nbf }),
      ...(exp === undefined ? {} : { exp }),
    },
    ...tagsOf(body),
  };
  call.store.replaceVersion('certificates', object.name, changed);
  return ok(bundleOf(call.baseUrl, object.name, changed));
};

export const certificateRoutes: readonly Route[] = [
  ...collectionRoutes('certificates'),
  {
    method: 'POST',
    path: pathPattern('/certificates/:name/import'),
    action: 'certificates/import',
    handle: importCertificate,
  },
  {
    method: 'GET',
    path: pathPattern('/certificates/:name/policy'),
    action: 'certificates/read',
    handle: getPolicy,
  },
  {
    method: 'GET',
    path: pathPattern('/certificates/:name/:version?'),
    action: 'certificates/read',
    handle: get,
  },
  {
    method: 'PATCH',
    path: pathPattern('/certificates/:name/:version?'),
    action: 'certificates/update',
    handle: update,
  },
];
