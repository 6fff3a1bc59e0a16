import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface SelfSignedRequest {
  readonly commonName: string;
  readonly notBeforeEpochMs: number;
  readonly notAfterEpochMs: number;
  /** Absent: P-256. */
  readonly keyType?: 'rsa' | undefined;
}

/**
 * Makes a real self-signed X.509 certificate over a fresh key, as PEM: for seeds and tests that
 * need an end date of their own. It carries no extensions and is fit for nothing else.
 */
export const selfSignedCertificate = (request: SelfSignedRequest): { certificate: string; key: string } => {
  const { publicKey, privateKey } =
    request.keyType === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = request.keyType === 'rsa' ? RSA_WITH_SHA256 : ECDSA_WITH_SHA256;
  const toBeSigned = toBeSignedCertificate(request, publicKey, algorithm);
  const signature = sign('sha256', toBeSigned, privateKey);
  const der = sequence(toBeSigned, algorithm, tlv(BIT_STRING, Buffer.from([0]), signature));
  const base64 = der.toString('base64').replace(/.{64}(?!$)/g, '$&\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const EXPLICIT_0 = 0xa0;

const toBeSignedCertificate = (
  request: SelfSignedRequest,
  publicKey: KeyObject,
  algorithm: Buffer,
): Buffer => {
  const version3 = tlv(EXPLICIT_0, tlv(INTEGER, Buffer.from([2])));
  const serialNumber = tlv(INTEGER, Buffer.from([1]));
  const name = distinguishedName(request.commonName);
  const validity = sequence(time(request.notBeforeEpochMs), time(request.notAfterEpochMs));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return sequence(version3, serialNumber, algorithm, name, validity, name, key);
};

const distinguishedName = (commonName: string): Buffer => {
  const oid = tlv(OBJECT_IDENTIFIER, Buffer.from([0x55, 0x04, 0x03]));
  return sequence(tlv(SET, sequence(oid, tlv(UTF8_STRING, Buffer.from(commonName)))));
};

/** RFC 5280 §4.1.2.5: two-digit years until 2049, four-digit ones from 2050. */
const time = (epochMs: number): Buffer => {
  const digits = `${new Date(epochMs)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/\D/g, '')}Z`;
  return Number(digits.slice(0, 4)) < 2050
    ? tlv(UTC_TIME, Buffer.from(digits.slice(2)))
    : tlv(GENERALIZED_TIME, Buffer.from(digits));
};

const tlv = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(value)]), value]);
};

const lengthOf = ({ length }: Buffer): readonly number[] => {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
};

const sequence = (...parts: readonly Buffer[]): Buffer => tlv(SEQUENCE, ...parts);

/** 1.2.840.10045.4.3.2 */
const ECDSA_WITH_SHA256 = sequence(
  tlv(OBJECT_IDENTIFIER, Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])),
);

/** 1.2.840.113549.1.1.11, whose parameter is null. */
const RSA_WITH_SHA256 = sequence(
  tlv(OBJECT_IDENTIFIER, Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b])),
  Buffer.from([0x05, 0x00]),
);
