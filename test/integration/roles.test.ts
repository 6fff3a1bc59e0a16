import { expect, it } from 'vitest';
import { READ, RECONNECT, tokenRole } from '../../src/lib/callers/rules/roles.ts';
import { ROUTES } from '../../src/lib/web/rules/routes.ts';
import { bearer, startCallers } from '../fakes/startCallers.ts';
import { startWholeHost } from '../fakes/startFunctionsHost.ts';

type Audience = (typeof ROUTES)[keyof typeof ROUTES]['servedTo'];

it('gives whoever is known what their roles are for, and no other address', async () => {
  const { idp, refusals } = await startCallers();
  const { host } = await startWholeHost();
  const url = await host.listen(0);
  const of = (audience: Audience): string[] => {
    const paths = Object.values(ROUTES).filter(({ servedTo }) => servedTo === audience);
    return host.routes
      .filter(({ template }) => paths.some(({ path }) => template === `/api/${path}`))
      .flatMap(({ template, methods }) => methods.map((method) => `${method} ${template}`))
      .sort();
  };
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
  expect(anybody).toEqual(of('anybody'));
  const besides = async (...roles: readonly string[]) =>
    (await reached(roles)).filter((one) => !anybody.includes(one));
  expect(await besides(READ)).toEqual(of('readers'));
  expect(await besides(RECONNECT)).toEqual(of('reconnecters'));
  expect(await besides(tokenRole('crm'))).toEqual(of('tokenTakers'));
  expect(await besides(tokenRole('cr'), tokenRole('crm2'), tokenRole('*'), tokenRole(''))).toEqual([]);
  expect(await besides('Keywatch', 'Keywatch.*', 'keywatch.read', `${READ} `, 'KEYWATCH.RECONNECT')).toEqual(
    [],
  );
});
