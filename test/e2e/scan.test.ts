import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const CLI = join(import.meta.dirname, '../../src/cli/cli.ts');

it('npm run scan ends when it has said that a vault cannot be reached', async () => {
  const child = spawn(process.execPath, [CLI, 'scan'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Nothing listens there.
    env: { ...process.env, KEYWATCH_LOCAL: 'true', KEYWATCH_VAULTS: 'http://127.0.0.1:9' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  let saidMs = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
    saidMs = performance.now();
  });
  const [code] = await once(child, 'close');
  expect(performance.now() - saidMs).toBeLessThan(10_000);
  expect(text).toContain('scan failed after 0 credentials (connection)');
  expect(code).toBe(2);
});
