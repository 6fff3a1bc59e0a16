import { describe, expect, it } from 'vitest';
import { rightsReport } from '../../../src/cli/report/accessReport.ts';
import { plain } from '../../../src/cli/report/style.ts';
import { tryNeededRights } from '../../../src/lib/app/neededRights.ts';
import type { LogsAnswer, LogsFailureReason } from '../../../src/lib/azure/ports.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import type { ConfiguredClient } from '../../../src/lib/prove/configuredClient.ts';
import type { ValueAccess } from '../../../src/lib/scan/ports.ts';
import { configOf } from '../../fakes/config.ts';
import { provenClient, provenKey } from '../../fakes/prove.ts';

const ANSWERED: LogsAnswer = { ok: true, columns: [], rows: [] };
const refused = (code: LogsFailureReason): LogsAnswer => ({
  ...permanentFailure({
    code,
    message: 'this login may not',
    action: 'Give it the role Log Analytics Reader.',
  }),
  concernsAll: true,
});
const DIRECTORY = { directory: { tenantId: '22222222-2222-4222-8222-222222222222' } };

interface World {
  readonly uses?: LogsAnswer;
  readonly signIns?: LogsAnswer;
  readonly access?: ValueAccess;
  readonly clients?: readonly ConfiguredClient[];
}

/** The lines of the report, and what was asked for them. */
const check = async ({ uses, signIns, access = 'allowed', clients = [] }: World) => {
  const asked: string[] = [];
  const logsOf = (answer: LogsAnswer | undefined) =>
    answer && {
      run: async (kql: string) => {
        asked.push(kql);
        return answer;
      },
    };
  const rights = await tryNeededRights(
    { ...configOf({}, DIRECTORY), clients },
    {
      useLogs: logsOf(uses),
      signInLogs: logsOf(signIns),
      valueAccess: {
        mayReadValue: async ({ name }) => {
          asked.push(name);
          return access;
        },
      },
    },
  );
  return { lines: rightsReport(rights, plain), asked };
};

describe('what is read beside what is scanned', () => {
  it('is tried by the smallest query for each table, under the identity that reads it', async () => {
    const { lines, asked } = await check({ uses: ANSWERED, signIns: ANSWERED });
    expect(asked.toSorted()).toEqual([
      'AADServicePrincipalSignInLogs | take 0',
      'AADServicePrincipalSignInLogs | take 0',
      'AZKVAuditLogs | take 0',
    ]);
    expect(lines).toEqual([
      '',
      'what the scanner reads besides',
      '  ✓ may read the table AZKVAuditLogs, for who uses which credential',
      '  ✓ may read the table AADServicePrincipalSignInLogs, for who uses which credential',
      '',
      'what the rotator reads besides',
      '  ✓ may read the table AADServicePrincipalSignInLogs, for who still uses an old secret',
    ]);
  });

  it('that a workspace refuses is said with the role that is lacking', async () => {
    const { lines } = await check({ signIns: refused('forbidden') });
    expect(lines.slice(2)).toEqual([
      '  ▲ may not read the table AADServicePrincipalSignInLogs, for who still uses an old secret (forbidden)',
      '    this login may not',
      '    Give it the role Log Analytics Reader.',
    ]);
  });

  it('that a workspace does not have is said with what brings it, and the setting that names another', async () => {
    const { lines } = await check({ uses: refused('table_absent') });
    expect(lines).toContain('    The workspace has no table AZKVAuditLogs.');
    expect(lines.join('\n')).toMatch(/diagnostic setting of the vault.*KEYWATCH_USE_WORKSPACE_ID/);
    const signIns = await check({ signIns: refused('table_absent') });
    expect(signIns.lines.join('\n')).toContain('KEYWATCH_SIGN_IN_WORKSPACE_ID');
  });

  it('is each secret whose value a proof needs, once', async () => {
    const { lines, asked } = await check({
      clients: [provenClient(), provenClient({ id: 'stock' }), provenKey()],
    });
    expect(asked).toEqual(['oauth-orders', 'oauth-weather']);
    expect(lines).toEqual([
      '',
      'what the refresher reads besides',
      expect.stringMatching(
        /✓ may read the value of secret oauth-orders in .*, by which orders, stock is proven/,
      ),
      expect.stringMatching(
        /✓ may read the value of secret oauth-weather in kv-clients, by which weather is proven/,
      ),
    ]);
  });

  it('that a vault refuses is said with the role on that secret, and no answer is no refusal', async () => {
    const denied = await check({ clients: [provenKey()], access: 'denied' });
    expect(denied.lines.slice(2)).toEqual([
      expect.stringContaining('▲ may not read the value of secret oauth-weather'),
      expect.stringContaining('a person needs it for npm run prove alone'),
      expect.stringContaining('Key Vault Secrets User on secret oauth-weather'),
    ]);
    const unknown = await check({ clients: [provenKey()], access: 'unknown' });
    expect(unknown.lines.join('\n')).toContain('gave no answer');
    expect(unknown.lines.join('\n')).not.toContain('Secrets User');
  });

  it('is nothing where no workspace is named and nothing is proven', async () => {
    expect(await check({})).toEqual({ lines: [], asked: [] });
  });
});
