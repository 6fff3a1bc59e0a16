import { randomBytes } from 'node:crypto';
import { isRecord } from '../../lib/kernel/isRecord.ts';
import { addSecret, removeSecret, type TenantApplication } from '../entra/tenant.ts';
import type { Answer } from '../keyVault/call.ts';
import { badRequest, type GraphCall, notImplemented } from './graphCall.ts';
import { passwordCredential } from './graphObjects.ts';

const bodyOf = ({ body }: GraphCall, member?: string): Readonly<Record<string, unknown>> => {
  const found = member === undefined || !isRecord(body) ? body : body[member];
  if (!isRecord(found)) throw badRequest(`the body has no ${member ?? 'object'}`);
  return found;
};

export const addPassword = (call: GraphCall, application: TenantApplication): Answer => {
  const { tenant, lagMs, unseen } = call.directory;
  const { displayName, endDateTime } = bodyOf(call, 'passwordCredential');
  if (endDateTime === undefined) throw notImplemented('a secret that is given no end');
  const endEpochMs = Date.parse(String(endDateTime));
  if (!(endEpochMs > tenant.nowEpochMs())) throw badRequest('the end is not behind the start');
  const secret = addSecret(tenant, application, {
    displayName: typeof displayName === 'string' ? displayName : '',
    value: randomBytes(30).toString('base64url'),
    endEpochMs,
    lagMs,
  });
  const { objectId } = application;
  unseen.push({ objectId, keyId: secret.keyId, seenFromEpochMs: tenant.nowEpochMs() + lagMs });
  return { status: 200, body: { ...passwordCredential(secret), secretText: secret.value } };
};

export const removePassword = (call: GraphCall, application: TenantApplication): Answer => {
  const { tenant, lagMs, unseen } = call.directory;
  const keyId = String(bodyOf(call)['keyId']);
  const secret = application.secrets.find((one) => one.keyId === keyId);
  if (secret === undefined || !removeSecret(application, keyId))
    throw badRequest(`no password credential found with keyId '${keyId}'`);
  const { objectId } = application;
  const removed = passwordCredential(secret);
  unseen.push({ objectId, keyId, removed, seenFromEpochMs: tenant.nowEpochMs() + lagMs });
  return { status: 204 };
};
