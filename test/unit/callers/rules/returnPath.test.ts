import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOME, returnPathOf } from '../../../../src/lib/callers/rules/returnPath.ts';

it.each([
  '/api/board',
  '/api/grants/crm/reconnect',
  '/api/board?status=expired&owner=ana%40contoso.example',
  '/api/board?next=https://elsewhere.example',
  '/api/calendar/ana%40contoso.example.ics',
  `/api/reconnect/callback/crm?code=1.${'A'.repeat(3500)}&state=${'s'.repeat(43)}`,
])('leads back to %s', (to) => expect(returnPathOf(to)).toBe(to));

it.each([
  '',
  undefined,
  null,
  '/',
  '//elsewhere.example/api/board',
  'https://elsewhere.example/api/board',
  'https:/api/board',
  '/\\elsewhere.example',
  '/api/\\elsewhere.example',
  '/api/..//elsewhere.example',
  '/api//elsewhere.example',
  '/api/../../elsewhere',
  '\t/api/board',
  '/\t/elsewhere.example/api/',
  '/api/board\r\nset-cookie: a=b',
  '/api/board#part',
  '/api/bøard',
  'javascript:alert(1)',
  'data:text/html,x',
  '.own.invalid/api/board',
  '@elsewhere.example/api/board',
  ':80/api/board',
  '/api/sign-in?to=/api/sign-in',
  '/api/sign-out',
  '/api/Sign-In/callback?code=seen&state=seen',
  '/api/%73ign-in/callback',
  '/api/board%2f%2felsewhere.example',
  '/api/%5celsewhere.example',
  '/api/board%2f..%2fsign-in',
  '/api/board%0d%0aset-cookie:a',
  '/api/board%',
  '/apiary/board',
  `/api/${'x'.repeat(4096)}`,
])('leads home instead of to %j', (to) => expect(returnPathOf(to)).toBe(HOME));

it('never leads to another host, whatever it is given', () => {
  const pieces = fc.constantFrom(
    '/',
    '\\',
    '/api/',
    '..',
    '.',
    '@',
    ':',
    'evil.example',
    '\t',
    '?',
    '#',
    '%2f',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (to) => {
      const { origin, pathname } = new URL(returnPathOf(to), 'https://keywatch.example');
      expect(origin).toBe('https://keywatch.example');
      expect(pathname).toMatch(/^\/api\//);
    }),
  );
});
