import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAXIMUM_TARGETS, readTarget, readTargets, whyNoTarget } from '../../../src/lib/kernel/targets.ts';
import { createRedactor } from '../../../src/lib/telemetry/redact.ts';
import { anyText } from '../../fakes/anyText.ts';
import { anyUrl } from '../../fakes/anyUrl.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const DIGITS = [...'0123456789'];
const CHARACTERS = [...LETTERS, ...DIGITS];
const inner = fc.string({ unit: fc.constantFrom(...CHARACTERS, '-'), maxLength: 12 });
const edge = fc.constantFrom(...CHARACTERS);
const label = fc.tuple(edge, inner, edge).map((parts) => parts.join(''));
const topLabel = fc.tuple(fc.constantFrom(...LETTERS), edge).map((parts) => parts.join(''));
const host = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 4 }), topLabel)
  .map(([labels, top]) => [...labels, top].join('.'));
const separator = fc.constantFrom(',', ' ', ', ', ' ,, ', '  ');

describe('the targets of a credential', () => {
  it('are host names in lower case, each once, in the order given', () => {
    expect(readTargets(' Contoso.my.SALESFORCE.com, api.partner.com contoso.my.salesforce.com,')).toEqual({
      ok: true,
      hosts: ['contoso.my.salesforce.com', 'api.partner.com'],
    });
  });

  it('are read as they were written, whatever separates them and however they are cased', () => {
    const some = fc.array(fc.tuple(host, separator, fc.boolean()), {
      minLength: 1,
      maxLength: MAXIMUM_TARGETS,
    });
    fc.assert(
      fc.property(some, (given) => {
        const text = given
          .map(([one, between, upper]) => `${upper ? one.toUpperCase() : one}${between}`)
          .join('');
        expect(readTargets(text)).toEqual({ ok: true, hosts: [...new Set(given.map(([one]) => one))] });
      }),
    );
  });

  it('that are accepted are what a URL makes of them: no port, no path, no IP address, no other script', () => {
    const piece = fc.oneof(
      host,
      fc.ipV4(),
      fc.ipV6(),
      anyUrl('http', 'https'),
      fc.domain(),
      anyText({ maxLength: 30 }),
      fc.string({ unit: fc.constantFrom(...'a1.-_:/@*[]xK\u212a\u3002'), maxLength: 20 }),
    );
    fc.assert(
      fc.property(piece, (text) => {
        const read = readTarget(text);
        if (read === undefined) return;
        expect(new URL(`https://${read}/`).hostname).toBe(read);
        expect(read).toBe(text.toLowerCase());
        expect(read).toMatch(/^[a-z0-9.-]{3,253}$/);
        expect(isIP(new URL(`https://${read}/`).hostname)).toBe(0);
      }),
    );
  });

  it('of any rubbish are none or a few, never an exception, and never shown with control characters', () => {
    expect(readTargets('}eyJ'.repeat(4_100)).ok).toBe(false);
    const words = fc.array(fc.oneof(host, anyText({ maxLength: 40 })), { maxLength: 15 });
    fc.assert(
      fc.property(words, separator, (given, between) => {
        const reading = readTargets(given.join(between));
        if (reading.ok) expect(reading.hosts.length).toBeLessThanOrEqual(MAXIMUM_TARGETS);
        else expect(reading.allowed + reading.given).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('reach telemetry as they are: the redactor takes no host for a secret', () => {
    const { redact } = createRedactor();
    const known =
      'contoso.my.salesforce.com,a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com,api.token-co.example';
    expect(redact(known)).toBe(known);
  });
});

describe('what is no host name', () => {
  it.each([
    ['https://api.partner.com/v1', '(write api.partner.com)'],
    ['api.partner.com:8443', '(write api.partner.com)'],
    ['api.partner.com/v1', '(write api.partner.com)'],
    ['api.partner.com.', '(write api.partner.com)'],
    ['bücher.example', '(write xn--bcher-kva.example)'],
    ['*.partner.com', '"*.partner.com" is none'],
    ['salesforce', '"salesforce" is none'],
    ['10.0.0.1', '"10.0.0.1" is none'],
    ['10.0x1', '"10.0x1" is none'],
    ['[::1]', '"[::1]" is none'],
    ['-a.example', '"-a.example" is none'],
    ['a..example', '"a..example" is none'],
    ['under_score.example', 'is none'],
    [`${'a'.repeat(64)}.example`, 'is none'],
    [`${'a.'.repeat(127)}de`, 'is none'],
    ['api.partner.com;b.example', 'is none'],
    ['api.partner.com\tb.example', 'is none'],
  ])('%s is refused, with what to write where that is clear', (item, why) => {
    expect(readTarget(item)).toBeUndefined();
    expect(whyNoTarget(item)).toContain(why);
  });

  it('spoils the whole list: half of it would look like the whole', () => {
    expect(readTargets('api.partner.com, http://b.example')).toMatchObject({
      ok: false,
      allowed: expect.stringMatching(
        /^1 to 10 full host names.+"http:\/\/b\.example" is none \(write b\.example\)$/,
      ),
    });
  });

  it('is also an empty list, and one that is too long', () => {
    expect(readTargets(' , ').ok).toBe(false);
    const hosts = Array.from({ length: MAXIMUM_TARGETS + 1 }, (_, index) => `a${index}.example`);
    expect(readTargets(hosts.join(',')).ok).toBe(false);
    expect(readTargets(hosts.slice(1).join(',')).ok).toBe(true);
  });

  it('is shown without the password that somebody pasted along', () => {
    for (const text of ['https://bob:hunter22@api.example/x?key=hunter22', 'bob:hunter22@api.example']) {
      expect(JSON.stringify(readTargets(text))).not.toContain('hunter22');
      expect(JSON.stringify(readTargets(text))).toContain('write api.example');
    }
  });
});
