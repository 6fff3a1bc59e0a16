import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, isAddress, link, textOfHtml, type Value } from '../../../src/lib/web/html.ts';
import { anyText } from '../../fakes/anyText.ts';
import { anyUrl } from '../../fakes/anyUrl.ts';

const text = (value: Value) =>
  textOfHtml(html`<p title="${typeof value === 'string' && value}">${value}</p>`);

describe('markup of a template', () => {
  it('shows markup in a value as text', () => {
    expect(text('<script>alert("1")</script>')).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</p>',
    );
  });

  it('shows what hides or reorders text', () => {
    expect(text('a\u202eb\u0000c\u200bd\ne')).toContain('>a\\u{202e}b\\u{0}c\\u{200b}d\\u{a}e<');
  });

  it('holds no character of a value that could end a text or an attribute', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 200 }), (value) => {
        const inside = text(value).slice('<p title="'.length, -'</p>'.length);
        expect(inside.replace('">', '')).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('writes a text of 10,000 characters whole', () => {
    expect(text('&'.repeat(10_000))).toHaveLength(2 * 50_000 + '<p title=""></p>'.length);
  });

  it('takes lists, numbers and its own markup, and writes nothing of what is absent', () => {
    const items = [1, 2].map((one) => html`<li>${one}</li>`);
    expect(textOfHtml(html`<ul>${items}${undefined}${false}</ul>`)).toBe('<ul><li>1</li><li>2</li></ul>');
    expect(textOfHtml(html`<option${html` selected`} value="${1}"></option>`)).toBe(
      '<option selected value="1"></option>',
    );
  });

  it('takes nothing for markup that was read from JSON', () => {
    const forged = JSON.parse('{"markup":"<b>","0":"<b>"}') as Value;
    expect(() => text(forged)).toThrow();
  });

  it.each([
    ['a script', () => html`<script>${'x'}</script>`],
    ['a style', () => html`<style>${'x'}</style>`],
    ['a comment', () => html`<!-- ${'x'} -->`],
    ['an event handler', () => html`<p onclick="${'x'}">`],
    ['a style attribute', () => html`<p style="${'x'}">`],
    ['an attribute without quotes', () => html`<p title=${'x'}>`],
    ['an attribute in single quotes', () => html`<p title='${'x'}'>`],
    ['the name of an attribute', () => html`<p ${'onclick'}>`],
    ['a part of an address', () => html`<a href="/grants/${'x'}">`],
    ['an address with more behind it', () => html`<a href="${'/x'}/y">`],
    ['an attribute apart from its tag', () => html` href="${'javascript:x'}"`],
  ])('refuses a value in %s', (_, make) => {
    expect(make).toThrow(/^html: /);
  });

  it('refuses markup in an attribute', () => {
    expect(() => html`<p title="${html`<b>`}">`).toThrow('an attribute holds text');
  });
});

describe('an address', () => {
  it.each(['https://wiki.example/a?b=c#d', '/api/board', '/api/board?q=a', '?page=2', '#main'])(
    '%s leads there',
    (address) => {
      expect(isAddress(address)).toBe(true);
      expect(textOfHtml(link('there', address))).toContain(`<a href="${address}"`);
    },
  );

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'http://wiki.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://user:pw@wiki.example',
    'https:evil.example',
    'https://a.example/\u202egpj',
    'relative',
    '',
  ])('%j is shown as text', (address) => {
    expect(isAddress(address)).toBe(false);
    expect(textOfHtml(link('there', address))).toBe('there');
    expect(textOfHtml(html`<a href="${address}">there</a>`)).toBe('<a href="#refused">there</a>');
  });

  it('is one of https, or stays on this host, whatever the text', () => {
    const own = 'https://keywatch.example/';
    fc.assert(
      fc.property(
        fc.oneof(
          anyUrl('http', 'https'),
          fc.string(),
          fc.string({ unit: fc.constantFrom('/', '\\', 'a', ':', '@', '\t') }),
        ),
        (given) => {
          if (!isAddress(given)) return;
          const url = new URL(given, own);
          expect(url.protocol).toBe('https:');
          expect(given.startsWith('https://') || url.origin === new URL(own).origin).toBe(true);
        },
      ),
      { seed: 7, numRuns: 2_000 },
    );
  });
});
