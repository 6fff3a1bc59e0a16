import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../scripts/bundle.ts';
import { answersInRounds } from '../fakes/answersInRounds.ts';
import { deployedSettings, startAzure } from '../fakes/startAzure.ts';

const VAULT_URL = 'https://kv-contoso-prod.vault.azure.net';

// Every answer takes its time, and what is asked for at once costs the time of one.
describe.skipIf(process.platform !== 'linux')('the scan timer of what is deployed', () => {
  const { mayAnswer, roundsUntil } = answersInRounds();
  let azure: Awaited<ReturnType<typeof startAzure>>;
  let folder = '';
  let child: ChildProcess;
  beforeAll(async () => {
    azure = await startAzure({ vaultUrl: VAULT_URL, mayAnswer });
    folder = mkdtempSync(join(tmpdir(), 'keywatch-first-'));
    await bundleFunctions(folder);
    const certificate = join(folder, 'certificate.pem');
    writeFileSync(certificate, azure.certificate);
    child = fork(join(import.meta.dirname, '../fakes/fireTimer.ts'), [folder, 'scanTimer'], {
      env: { ...process.env, ...deployedSettings(azure, VAULT_URL), NODE_EXTRA_CA_CERTS: certificate },
    });
    expect(await once(child, 'message')).toContain('loaded');
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const roundsOfARun = async () => {
    const done = once(child, 'message');
    child.send('fire');
    const rounds = await roundsUntil(done, child.pid ?? 0);
    expect((await done)[0]).toBe('');
    return rounds;
  };

  const KNOWN = [
    'GET /account/keywatch-refresh-poison',
    'GET /account/keywatch-scan-poison',
    'GET /keywatch-control',
  ];
  const SENT = ['GET /keywatch-board/subjects/0.json', 'POST /v2.1/track'];
  // Read before it is written, so that nothing of another instance is overwritten.
  const KEPT = ['PUT /keywatch-board/subjects/0.json'];

  it('waits for no answer that it could have asked for before', async () => {
    const tokens = ['token for https://monitor.azure.com', 'token for https://storage.azure.com'];
    expect(await roundsOfARun()).toEqual([tokens, KNOWN, SENT, KEPT]);
    expect(await roundsOfARun()).toEqual([KNOWN, SENT, KEPT]);
  });
});
