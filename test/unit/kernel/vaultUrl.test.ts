import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback, readVaultUrl, vaultNameOf } from '../../../src/lib/kernel/vaultUrl.ts';
import { anyText } from '../../fakes/anyText.ts';
import { anyUrl } from '../../fakes/anyUrl.ts';

const SUFFIXES = ['.vault.azure.net', '.vault.azure.cn', '.vault.usgovcloudapi.net'] as const;

const vaultName = fc.stringMatching(/^[a-z][a-z0-9]{0,10}(?:-[a-z0-9]{1,5}){0,2}$/).filter((name) => {
  return name.length >= 3 && name.length <= 24;
});

const problemOf = (text: string, allowLoopback = false) => {
  const reading = readVaultUrl(text, allowLoopback);
  return reading.ok ? undefined : reading.problem;
};

describe('readVaultUrl', () => {
  it('takes every well-formed vault of the three clouds, whatever its case, slash and blanks', () => {
    fc.assert(
      fc.property(vaultName, fc.constantFrom(...SUFFIXES), fc.boolean(), (name, suffix, upper) => {
        const url = `https://${name}${suffix}`;
        const typed = ` ${upper ? url.toUpperCase() : url}/ `;
        expect(readVaultUrl(typed)).toEqual({ ok: true, vaultUrl: url });
        expect(vaultNameOf(url)).toBe(name);
      }),
    );
  });

  it('never throws, and takes nothing but an https origin in those domains', () => {
    const pieces = fc.constantFrom(
      'https://',
      'http://',
      'kv',
      '.vault.azure.net',
      '@',
      '/',
      ':',
      '#',
      '?',
      'x',
    );
    const text = fc.oneof(
      anyText(),
      anyUrl('http', 'https'),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const reading = readVaultUrl(typed);
        if (!reading.ok) {
          expect(reading.problem).not.toBe('');
          return;
        }
        const { protocol, hostname, pathname, username, port, href } = new URL(reading.vaultUrl);
        expect([protocol, pathname, username, port]).toEqual(['https:', '/', '', '']);
        expect(SUFFIXES.some((suffix) => hostname.endsWith(suffix))).toBe(true);
        expect(href).toBe(`${reading.vaultUrl}/`);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['', /empty/],
    ['kv-prod', /https:\/\/kv-prod\.vault\.azure\.net/],
    ['KV-Prod', /https:\/\/kv-prod\.vault\.azure\.net/],
    ['kv-prod.vault.azure.net', /https:\/\//],
    ['http://kv-prod.vault.azure.net', /https:\/\/kv-prod\.vault\.azure\.net/],
    ['ftp://kv-prod.vault.azure.net', /https:\/\//],
    ['https://kv-prod.vault.azure.net/secrets/token', /https:\/\/kv-prod\.vault\.azure\.net$/],
    ['https://kv-prod.vault.azure.net?x=1', /https:\/\/kv-prod\.vault\.azure\.net$/],
    ['https://kv-prod.vault.azure.net:8443', /port/],
    ['https://kv-prod.managedhsm.azure.net', /managed HSM/],
    ['https://example.com', /vault\.azure\.net/],
    ['https://kv-prod.vault.azure.net.example.com', /vault\.azure\.net/],
    ['https://vault.azure.net', /vault\.azure\.net/],
    ['https://a.b.vault.azure.net', /name/],
    ['https://kv--prod.vault.azure.net', /name/],
    ['http://127.0.0.1:4001', /./],
    ['http://localhost', /./],
  ])('refuses %j and says what to do', (typed, problem) => {
    expect(problemOf(typed)).toMatch(problem);
  });

  it('refuses credentials without repeating them', () => {
    const problem = problemOf('https://user:hunter2@kv-prod.vault.azure.net');
    expect(problem).toMatch(/credentials/);
    expect(problem).not.toContain('hunter2');
  });

  it('refuses what is longer than any address without repeating it', () => {
    expect(problemOf(`https://${'a'.repeat(100_000)}.vault.azure.net`)).toMatch(/^an address of 100\d+ char/);
  });

  it('prints no control characters of what was typed', () => {
    expect(problemOf('https://\u001b[31mkv\u0007')).not.toMatch(/\p{Cc}/u);
  });

  it('takes this machine only when told to, and only as an origin', () => {
    for (const url of ['http://127.0.0.1:4001', 'http://localhost:4001', 'http://[::1]:4001']) {
      expect(readVaultUrl(url, true)).toEqual({ ok: true, vaultUrl: url });
      expect(isLoopback(url)).toBe(true);
    }
    for (const url of [
      'http://127.0.0.1:4001/secrets',
      'http://a:b@127.0.0.1',
      'http://127.0.0.1.evil.example',
    ])
      expect(problemOf(url, true)).toBeDefined();
  });
});
