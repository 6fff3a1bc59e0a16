import { privateDecrypt } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { expect, it } from 'vitest';
import {
  openEnvelope,
  parseEnvelope,
  sealEnvelope,
} from '../../../../src/lib/stores/keyVault/sealedEnvelope.ts';
import { envelopeHeader, findEnvelopes } from '../../../../src/lib/stores/rules/sealedEnvelope.ts';
import { rsaPair } from '../../../fakes/rsaPair.ts';

const { publicKey, privateKey } = rsaPair();
const TOKEN = 'canary-token-é\n';
const CONTEXT = { subject: 'crm', seq: 7 };
const KEY = { name: 'keywatch-seal', version: 'v1' };

/** Opens as the product does, with Key Vault's part done here. */
const open = (envelope: string): string | undefined => {
  const parts = parseEnvelope(envelope);
  if (parts === undefined) return undefined;
  return openEnvelope(parts, privateDecrypt({ key: privateKey, oaepHash: 'sha256' }, parts.wrappedKey));
};

const TEXTS = ['', TOKEN, 'x'.repeat(70_000)];

it.each(TEXTS)('is a JWE that another implementation opens', async (text) => {
  const envelope = sealEnvelope(text, CONTEXT, { ...KEY, publicKey });
  const { plaintext } = await compactDecrypt(envelope, privateKey);
  expect(Buffer.from(plaintext).toString()).toBe(text);
  expect(open(envelope)).toBe(text);
});

it('names in its header the key version, the grant and the number, and nothing else', () => {
  const [header = ''] = sealEnvelope(TOKEN, CONTEXT, { ...KEY, publicKey }).split('.');
  expect(Buffer.from(header, 'base64url').toString()).toBe(
    '{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"keywatch-seal/v1","grant":"crm","seq":7}',
  );
});

it('has a key and a nonce of its own each time', () => {
  const parts = [1, 2].map(() => sealEnvelope(TOKEN, CONTEXT, { ...KEY, publicKey }).split('.'));
  const [one = [], other = []] = parts;
  expect(one.map((part, at) => part === other[at])).toEqual([true, false, false, false, false]);
});

it.each([
  ['header', 0],
  ['wrapped key', 1],
  ['nonce', 2],
  ['ciphertext', 3],
  ['tag', 4],
])('opens for nobody with the %s of another envelope', async (_, at) => {
  const of = (seq: number) => sealEnvelope(TOKEN, { ...CONTEXT, seq }, { ...KEY, publicKey }).split('.');
  const mixed = of(7)
    .with(at, of(8)[at] ?? '')
    .join('.');
  expect(open(mixed)).toBeUndefined();
  await expect(compactDecrypt(mixed, privateKey)).rejects.toThrow('decryption operation failed');
});

it.each(TEXTS)('opens what another implementation sealed', async (text) => {
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
