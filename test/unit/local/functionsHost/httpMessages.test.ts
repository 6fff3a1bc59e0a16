import { expect, it } from 'vitest';
import { toHttpAnswer } from '../../../../src/local/functionsHost/httpMessages.ts';

it('writes each cookie of an answer as a header of its own', () => {
  const yes = { value: true };
  const cookie = { path: { value: '/' }, secure: yes, httpOnly: yes, sameSite: 'lax' };
  const { headers } = toHttpAnswer({
    http: {
      statusCode: '303',
      headers: { location: '/' },
      cookies: [
        { name: '__Host-a', value: 'x', ...cookie },
        { name: '__Host-b', value: '', ...cookie, maxAge: { value: 0 } },
      ],
    },
  });
  expect(headers).toEqual({
    location: '/',
    'set-cookie': [
      '__Host-a=x; Path=/; Secure; HttpOnly; SameSite=Lax',
      '__Host-b=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
    ],
  });
});
