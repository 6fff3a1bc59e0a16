import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tokenResultOf } from '../../../../src/lib/prove/http/tokenResult.ts';
import { CANARY, provedClient, shownOf } from '../../../fakes/provedClient.ts';

const NAMES = [
  ...['access_token', 'token_type', 'expires_in', 'scope', 'error', 'error_codes', 'error_description'],
  ...['suberror', 'claims', 'correlation_id'],
];
const HEADERS = ['retry-after', 'date', 'x-ms-request-id', 'www-authenticate'];
const anything = fc.oneof(
  fc.constantFrom(
    CANARY,
    `AADSTS7000215: ${CANARY}`,
    'invalid_client',
    7000215,
    [7000215, CANARY],
    -1,
    '3600',
  ),
  fc.jsonValue(),
);
const answers = fc.record({
  issuer: fc.constantFrom(
    { kind: 'entra', tenantId: 'contoso.example', authorityHost: 'login.example' } as const,
    { kind: 'oauth', tokenEndpoint: 'https://login.example/token' } as const,
  ),
  httpStatus: fc.constantFrom(200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503),
  body: fc.oneof(
    fc.dictionary(fc.constantFrom(...NAMES), anything).map((body) => JSON.stringify(body)),
    fc.constantFrom(CANARY, `<html>${CANARY}</html>`, `{"error":"${CANARY}`),
  ),
  headers: fc.dictionary(fc.constantFrom(...HEADERS), fc.constantFrom(CANARY, '-1', '1e9', '999999999')),
});

it('reads any answer without a throw, gives a token only from a success, and shows nothing that the server chose', () => {
  fc.assert(
    fc.property(answers, ({ issuer, httpStatus, body, headers }) => {
      const answer = {
        ...({ kind: 'answered', httpStatus, body: Buffer.from(body) } as const),
        header: (name: string) => headers[name],
      };
      const result = tokenResultOf(provedClient({ issuer }), answer, 0);
      if (result.ok) {
        expect(issuer.kind === 'oauth' ? [200, 201] : [200]).toContain(httpStatus);
        expect(JSON.parse(body)).toMatchObject({ access_token: result.accessToken });
        return;
      }
      expect(shownOf(result)).not.toContain(CANARY);
      expect(result).toMatchObject({ httpStatus, subject: { credentialId: 'client/crm' } });
      expect(result.retryAfterSeconds ?? 0).toBeLessThanOrEqual(86_400);
    }),
  );
});
