import { describe, expect, it } from 'vitest';
import type { LoggedUse, UseAnswer } from '../../../src/lib/board/ports.ts';
import { recordUses } from '../../../src/lib/board/recordUses.ts';
import { readUses, unbrokenSince, usesText } from '../../../src/lib/board/rules/uses.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { isoDate, isoSeconds } from '../../../src/lib/kernel/instant.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/kernel/time.ts';
import type { Assessment } from '../../../src/lib/scan/rules/credential.ts';
import { boardScene, named, SETTINGS } from '../../fakes/boardScene.ts';
import { inDays, NOW_EPOCH_MS, VAULT_URL } from '../../fakes/metadata.ts';

const HOST = new URL(VAULT_URL).host;
const APP = '11111111-1111-4111-8111-111111111111';
const PERSON = '22222222-2222-4222-8222-222222222222';

const read = (name: string, daysAgo: number, more: Partial<LoggedUse> = {}): LoggedUse => ({
  ...{ object: `${HOST}/secrets/${name}`, appId: APP, objectId: PERSON },
  lastEpochMs: inDays(-daysAgo),
  ...more,
});
const daysOf = (count: number) => Array.from({ length: count }, (_, day) => inDays(-day));

/** A log without a gap, as long as it is said, and what it shows. */
const answerOf = (uses: readonly LoggedUse[], days: readonly number[] = daysOf(92)): UseAnswer => ({
  ok: true,
  uses,
  days: new Map([[HOST, days]]),
});

const start = () => {
  const scene = boardScene();
  let asked = 0;
  const ask = async (answer: UseAnswer, changes = {}) => {
    const settings = {
      ...{
        ...SETTINGS,
        dailyReportHourUtc: 5,
        ownObjects: new Set<string>(),
        provenAppIds: new Set<string>(),
      },
      ...changes,
    };
    const logs = {
      async read() {
        asked += 1;
        return answer;
      },
    };
    const { store, clock, telemetry } = scene;
    await recordUses(settings, { store, clock, telemetry, logs, newId: () => 'run' });
  };
  const page = async (name: string) =>
    (await scene.item(`kv-front-desk/secret/${name}`)).body.replaceAll(/<[^>]+>/g, '');
  const unused = () =>
    scene.reported.events
      .map(({ attributes }) => attributes as { finding?: string; credentialId?: string })
      .flatMap(({ finding, credentialId }) => (finding === 'unused' ? [credentialId] : []));
  return { ...scene, ask, page, unused, timesAsked: () => asked };
};

const old = (name: string, changes: Partial<Assessment> = {}) =>
  named(name, { createdEpochMs: inDays(-400), ...changes });

describe('who uses a credential', () => {
  it('is on its page by ids, and when last, with those of thirty days', async () => {
    const { scan, ask, page } = start();
    await scan([old('crm')]);
    await ask(answerOf([read('crm', 40, { appId: PERSON }), read('crm', 3)]));
    const text = await page('crm');
    expect(text).toContain(`application ${APP}, object ${PERSON}, last`);
    expect(text).not.toContain(`application ${PERSON}`);
  });

  it('is nobody, and a finding with its fix, where nobody did for 90 days', async () => {
    const { scan, ask, page, status, unused } = start();
    await scan([old('crm'), old('relic')]);
    await ask(answerOf([read('crm', 1)]));
    expect(await page('relic')).toContain(`Nobody since ${isoDate(inDays(-91))}`);
    expect(await page('relic')).toContain('Ask its owner, disable it');
    expect(unused()).toEqual(['kv-front-desk/secret/relic']);
    expect(await status('q=relic')).toMatchObject({ rows: [{ findings: [{ code: 'unused' }] }] });
  });

  it('is no finding where the log is younger, has a gap, or the credential is new, disabled or silenced', async () => {
    for (const [days, changes] of [
      [daysOf(60), {}],
      [[...daysOf(10), ...daysOf(92).slice(20)], {}],
      [daysOf(92), { createdEpochMs: inDays(-89) }],
      [daysOf(92), { status: 'disabled' }],
      [daysOf(92), { suppressed: 'superseded' }],
    ] as const) {
      const { scan, ask, unused } = start();
      await scan([old('relic', changes)]);
      await ask(answerOf([], days));
      expect(unused()).toEqual([]);
    }
  });

  it.each([
    ['was never asked', undefined, 'KEYWATCH_USE_WORKSPACE_ID'],
    ['has nothing of the vault', answerOf([], []), 'AZKVAuditLogs of the workspace has nothing of it'],
    [
      'may not be read',
      permanentFailure({ code: 'x', message: 'It may not be read.', action: 'Give the role.' }),
      'It may not be read. Give the role.',
    ],
  ])('is not known where the log %s: it says why, and is never nobody', async (_, answer, words) => {
    const { scan, ask, page, unused } = start();
    await scan([old('crm')]);
    if (answer !== undefined) await ask(answer);
    expect(await page('crm')).toMatch(/Not known, because/);
    expect(await page('crm')).toContain(words);
    expect(await page('crm')).not.toContain('Nobody');
    expect(unused()).toEqual([]);
  });

  it('is not known of what came after the logs were asked, of what Keywatch works with, and once the answer is old', async () => {
    const { clock, scan, ask, page, unused } = start();
    await scan([old('crm'), old('oauth-crm')]);
    await ask(answerOf([]), { ownObjects: new Set([`${HOST}/secrets/oauth-crm`]) });
    await scan([old('crm'), old('oauth-crm'), old('later')]);
    expect(await page('later')).toContain('it is new, or too far from urgent');
    expect(await page('oauth-crm')).toContain('Keywatch itself works with it');
    expect(unused()).toEqual(['kv-front-desk/secret/crm']);
    clock.advance(3 * DAY_MS);
    expect(await page('crm')).toContain('the logs were not asked for two days');
  });

  it('of a certificate is also who reads the secret and uses the key behind it', async () => {
    const { scan, ask, status } = start();
    const certificate = { kind: 'certificate', credentialId: 'kv-front-desk/certificate/tls' } as const;
    await scan([old('tls', certificate)]);
    await ask(answerOf([read('tls', 40), read('tls', 2, { object: `${HOST}/keys/tls` })]));
    expect(await status()).toMatchObject({ rows: [{ lastUsed: isoSeconds(inDays(-2)), findings: [] }] });
  });

  it('of an application is what it did by itself; what it does for people is in no log, so nobody is never said', async () => {
    const { scan, ask, page, unused } = start();
    const ofApp = (name: string, kind: 'app_secret' | 'app_certificate') =>
      old(name, { kind, version: name });
    await scan([
      ofApp('by-itself', 'app_secret'),
      ofApp('web', 'app_secret'),
      ofApp('long-ago', 'app_certificate'),
    ]);
    await ask(answerOf([read('', 2, { object: 'by-itself' }), read('', 91, { object: 'long-ago' })]));
    expect(await page('by-itself')).not.toContain('Not known');
    for (const quiet of ['web', 'long-ago']) expect(await page(quiet)).toContain('signs people in');
    expect(`${await page('web')}${await page('long-ago')}`).not.toContain('Nobody');
    expect(unused()).toEqual([]);
  });

  it('puts what ends soon and was used today before what ends sooner', async () => {
    const { scan, ask, names } = start();
    const ending = (name: string, days: number) =>
      old(name, { status: 'critical', expiresOnEpochMs: inDays(days), criticalAtEpochMs: inDays(-1) });
    await scan([ending('first', 1), ending('used', 3), ending('last', 5), old('fine')]);
    await ask(answerOf([read('used', 0.1), read('fine', 0.1), read('last', 2)]));
    expect(await names()).toEqual(['used', 'first', 'last', 'fine']);
  });

  it('is asked once a day, and an hour later where there was no answer; what was known stays', async () => {
    const { clock, scan, ask, page, timesAsked } = start();
    await scan([old('crm')]);
    await ask(answerOf([read('crm', 3)]));
    await ask(answerOf([]));
    expect(timesAsked()).toBe(1);
    clock.advance(DAY_MS);
    const failure = permanentFailure({ code: 'x', message: 'No.', action: 'Ask.' });
    await ask(failure);
    expect(await page('crm')).toMatch(new RegExp(`application ${APP}.*Not known, because No`));
    await ask(failure);
    clock.advance(HOUR_MS);
    await ask(answerOf([read('crm', 3)]));
    expect(timesAsked()).toBe(3);
    expect(await page('crm')).not.toContain('Not known');
  });
});

it('a log has no gap across a quiet weekend, and says nothing where its last days are missing', () => {
  const day = (ago: number) => NOW_EPOCH_MS - ago * DAY_MS;
  expect(unbrokenSince([day(5), day(1), day(4)], NOW_EPOCH_MS)).toBe(day(5));
  expect(unbrokenSince([day(5), day(1)], NOW_EPOCH_MS)).toBe(day(1));
  expect(unbrokenSince([day(4), day(5)], NOW_EPOCH_MS)).toBeUndefined();
});

it('what is kept of many users fits into what can be read back, and has who came last', () => {
  const users = Array.from({ length: 30 }, (_, ago) => ({ objectId: PERSON, lastEpochMs: inDays(-ago) }));
  const uses = { atEpochMs: NOW_EPOCH_MS, isWhole: true, logs: {}, used: { crm: users }, untold: {} };
  const kept = (mostCharacters?: number) => readUses(usesText(uses, mostCharacters))?.used['crm'];
  expect(kept()).toEqual(users.slice(0, 20));
  expect(kept(1_000)).toEqual(users.slice(0, 10));
  expect(kept(10)).toEqual(users.slice(0, 1));
});
