import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { readAzureError } from '../../../src/lib/azure/azureErrors.ts';
import { retryAfterMsOf } from '../../../src/lib/azure/retryAfter.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

const named = (name: string) => Object.assign(new Error('x'), { name });

describe('readAzureError', () => {
  it.each([
    ['ENOTFOUND', 'not_found', false],
    ['EAI_AGAIN', 'connection', true],
    ['ECONNREFUSED', 'connection', true],
    ['ECONNRESET', 'connection', true],
    ['ETIMEDOUT', 'timeout', true],
    ['CERT_HAS_EXPIRED', 'tls', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', false],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', false],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', false],
    ['EPROTO', 'tls', false],
    ['PARSE_ERROR', 'malformed_answer', true],
  ] as const)('reads %s as %s, retryable: %s', (code, reason, retryable) => {
    expect(readAzureError(new RestError('x', { code }), NOW)).toMatchObject({ reason, retryable });
  });

  it.each([
    ['CredentialUnavailableError', 'unauthorized'],
    ['AggregateAuthenticationError', 'unauthorized'],
    ['AuthenticationError', 'unauthorized'],
    ['AbortError', 'timeout'],
    ['TimeoutError', 'timeout'],
    ['TypeError', 'malformed_answer'],
  ] as const)('reads an error named %s as %s', (name, reason) => {
    expect(readAzureError(named(name), NOW).reason).toBe(reason);
  });
});

describe('retryAfterMsOf', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': ' 7 ' }, 7_000],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '1e9' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ] as const)('reads %j as %j ms', (headers: Readonly<Record<string, string>>, expected) => {
    const read = retryAfterMsOf({ get: (name) => headers[name] }, NOW);
    expect(read).toBe(expected);
  });
});
