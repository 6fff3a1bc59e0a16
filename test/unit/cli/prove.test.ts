import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import { runProve } from '../../../src/cli/prove.ts';
import { createProver } from '../../../src/lib/prove/prover.ts';
import {
  type ProofWorld,
  proofWorld,
  provenClient,
  provenKey,
  refusedToken,
  SECRET,
} from '../../fakes/prove.ts';
import { answering, status, untilProven } from '../../fakes/proving.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

const CLIENTS = [provenClient({ displayName: 'Orders' }), provenKey()];

const run = async (
  change: (world: ProofWorld) => void = () => undefined,
  { ids, isJson = false }: { ids?: string[]; isJson?: boolean } = {},
  clients = CLIENTS,
) => {
  const world = proofWorld();
  change(world);
  const names = { vaultName: () => 'kv-clients', isConfiguredName: () => false };
  const prover = createProver({ clients, dailyReportHourUtc: 5, ...names }, world.ports);
  const terminal = recordingTerminal();
  const exitCode = await untilProven(world, runProve(clients, prover, terminal, { ids, isJson }));
  const { printed, notes, progressTexts } = terminal;
  return { exitCode, printed, notes, progressTexts };
};
const refuse = (world: ProofWorld): void => {
  world.token = () => refusedToken;
};

describe('npm run prove', () => {
  it('shows every step of every client', async () => {
    const { exitCode, printed } = await run();
    expect(exitCode).toBe(EXIT.quiet);
    expect(printed[0]).toMatch(/^✓ orders \(Orders\): proven: /);
    expect(printed.slice(1, 6)).toEqual([
      expect.stringMatching(/^ {4}✓ read the credential +secret oauth-orders of kv-clients/),
      expect.stringMatching(/✓ get a token +200/),
      expect.stringMatching(/✓ read the token +a JWT, roles Orders\.Read/),
      expect.stringMatching(/✓ call without it +401, as it should be/),
      expect.stringMatching(/✓ call with it +200/),
    ]);
    expect(printed[6]).toMatch(/^✓ weather: proven/);
  });

  it('stops at the step that fails, and says who has to do what', async () => {
    const { exitCode, printed } = await run(refuse, { ids: ['orders'] });
    expect(exitCode).toBe(EXIT.attention);
    expect(printed[0]).toMatch(/^✗ orders \(Orders\): credential wrong: /);
    expect(printed.at(-2)).toMatch(/✗ get a token +login\.example does not know the secret/);
    expect(printed.at(-1)).toMatch(/to act: owner; owner: team-orders: Make a new secret/);
  });

  it('says that it waits where a new token is refused in its first seconds', async () => {
    const { exitCode, progressTexts } = await run(answering(status(401), status(200)), { ids: ['orders'] });
    expect(exitCode).toBe(EXIT.quiet);
    expect(progressTexts).toContain('orders: its new token is refused; again in 15 seconds …');
  });

  it('tells a machine the same as one document, without a secret', async () => {
    const { printed } = await run(refuse, { isJson: true });
    expect(JSON.parse(printed.join('\n'))).toMatchObject({
      clients: [
        {
          ...{ credentialId: 'client/orders', outcome: 'credential_wrong', class: 'authentication' },
          ...{ httpStatus: 401, numbers: [7000215], steps: [{ result: 'ok' }, { result: 'failed' }] },
        },
        { credentialId: 'client/weather', outcome: 'proven', action: null },
      ],
    });
    expect(printed.join()).not.toContain(SECRET);
  });

  it('asks for nobody where what failed passes by itself, and is no success', async () => {
    const { exitCode } = await run((world) => {
      world.token = () => ({ ...refusedToken, code: 'throttled', retryable: true });
    });
    expect(exitCode).toBe(EXIT.failed);
  });

  it('names the near one where there is no such client', async () => {
    await expect(run(undefined, { ids: ['order'] })).rejects.toThrow('did you mean orders?');
  });

  it('says so where the configuration names none', async () => {
    const { exitCode, notes } = await run(undefined, {}, []);
    expect([exitCode, notes.join()]).toEqual([EXIT.failed, expect.stringContaining('names no client')]);
  });
});
