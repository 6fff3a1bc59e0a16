import { expect, it } from 'vitest';
import { runKeywatch } from './runStart.ts';

it('npm run scan ends when it has said that a vault cannot be reached', async () => {
  // Nothing listens there.
  const environment = { KEYWATCH_LOCAL: 'true', KEYWATCH_VAULTS: 'http://127.0.0.1:9' };
  const { child, output, ended } = runKeywatch(['scan'], { environment });
  let saidMs = 0;
  child.stdout?.on('data', () => {
    saidMs = performance.now();
  });
  expect(await ended).toBe(2);
  // Sockets that nobody closes would hold it for half a minute.
  expect(performance.now() - saidMs).toBeLessThan(25_000);
  expect(output()).toContain('scan failed after 0 credentials (connection)');
});
