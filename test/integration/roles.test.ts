import { expect, it } from 'vitest';
import { READ, RECONNECT, tokenRole } from '../../src/lib/callers/rules/roles.ts';
import { bearer, startCallers } from '../fakes/startCallers.ts';
import { startWholeHost } from '../fakes/startFunctionsHost.ts';

it('gives whoever is known what their roles are for, and no other address', async () => {
  const { idp, refusals } = await startCallers();
  const { host } = await startWholeHost();
  const url = await host.listen(0);
  /** The addresses at which nobody with these roles is turned away. */
  const reached = async (roles: readonly string[]): Promise<string[]> => {
    const headers = bearer(await idp.tokenOf({ claims: { roles } }));
    const served: string[] = [];
    for (const { template, methods } of host.routes)
      for (const method of methods) {
        const before = refusals().length;
        await fetch(`${url}${template.replace('{id}', 'crm').replace(/\{.*\}/, 'x')}`, {
          method,
          headers,
        });
        if (refusals().length === before) served.push(`${method} ${template}`);
      }
    return served.sort();
  };
  const anybody = await reached([]);
  expect(anybody).toEqual([
    'GET /api/health',
    'GET /api/sign-in',
    'GET /api/sign-in/callback',
    'GET /api/whoami',
    'POST /api/sign-out',
  ]);
  const besides = async (...roles: readonly string[]) =>
    (await reached(roles)).filter((one) => !anybody.includes(one));
  expect(await besides(READ)).toEqual([
    'GET /api/board',
    'GET /api/board/calendar',
    'GET /api/board/findings',
    'GET /api/board/item',
    'GET /api/board/owners',
    'GET /api/calendar/{owner}',
    'GET /api/metrics',
    'GET /api/status',
    'POST /api/board/calendar',
  ]);
  expect(await besides(RECONNECT)).toEqual([
    'GET /api/grants/{id}/reconnect',
    'GET /api/reconnect/callback/{provider}',
    'POST /api/grants/{id}/reconnect',
    'POST /api/reconnect/confirm',
  ]);
  expect(await besides(tokenRole('crm'))).toEqual(['POST /api/grants/{id}/token']);
  expect(await besides(tokenRole('cr'), tokenRole('crm2'), tokenRole('*'), tokenRole(''))).toEqual([]);
  expect(await besides('Keywatch', 'Keywatch.*', 'keywatch.read', `${READ} `, 'KEYWATCH.RECONNECT')).toEqual(
    [],
  );
});
