import { generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { expect, it } from 'vitest';
import { envelopeHeader, findEnvelopes } from '../../../../src/lib/refresh/rules/sealedEnvelope.ts';
import {
  openEnvelope,
  parseEnvelope,
  sealEnvelope,
} from '../../../../src/lib/refresh/stores/sealedEnvelope.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const TOKEN = 'canary-token-é\n';
const CONTEXT = { grantId: 'crm', seq: 7 };
const KEY = { name: 'keywatch-seal', version: 'v1' };

/** Opens as the product does, with Key Vault's part done here. */
const open = (envelope: string): string | undefined => {
  const parts = parseEnvelope(envelope);
  if (parts === undefined) return undefined;
  return openEnvelope(parts, privateDecrypt({ key: privateKey, oaepHash: 'sha256' }, parts.wrappedKey));
};

it('is a JWE that any implementation opens, its header naming key version, grant and number', async () => {
  const envelope = await sealEnvelope(TOKEN, CONTEXT, { ...KEY, publicKey });
  const { plaintext, protectedHeader } = await compactDecrypt(envelope, privateKey);
  expect(Buffer.from(plaintext).toString()).toBe(TOKEN);
  expect(protectedHeader).toEqual({
    alg: 'RSA-OAEP-256',
    enc: 'A256GCM',
    kid: 'keywatch-seal/v1',
    grant: 'crm',
    seq: 7,
  });
  expect(open(envelope)).toBe(TOKEN);
});

it.each(['', TOKEN, 'x'.repeat(70_000)])('opens what another implementation sealed', async (text) => {
  const envelope = await new CompactEncrypt(Buffer.from(text))
    .setProtectedHeader({ ...envelopeHeader('keywatch-seal/v1', 'crm', 7) })
    .encrypt(publicKey);
  expect(parseEnvelope(envelope)).toMatchObject({ ...CONTEXT, key: KEY });
  expect(open(envelope)).toBe(text);
  expect(findEnvelopes(`{"record":"\\n${envelope}","and":"x${envelope}`)).toEqual([envelope]);
});

it.each([
  ['another algorithm of the key', { alg: 'RSA-OAEP' }],
  ['compression', { zip: 'DEF' }],
  ['no grant', { grant: undefined }],
  ['a number that is none', { seq: '7' }],
  ['a number below zero', { seq: -1 }],
  ['a key of another vault', { kid: 'https://elsewhere/keys/keywatch-seal/v1' }],
])('is no envelope with %s in its header', async (_, said) => {
  const header = { ...envelopeHeader('keywatch-seal/v1', 'crm', 7), ...said };
  const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
  expect(parseEnvelope(`${encoded}.a.${'i'.repeat(16)}.a.${'t'.repeat(22)}`)).toBeUndefined();
});
