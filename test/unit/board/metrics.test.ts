import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoardSettings } from '../../../src/lib/board/gatherFacts.ts';
import { GAUGES, gaugesText, MOST_ENDS } from '../../../src/lib/board/rules/gauges.ts';
import { openMetricsText } from '../../../src/lib/board/rules/openMetrics.ts';
import { printable } from '../../../src/lib/kernel/printable.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { anyText } from '../../fakes/anyText.ts';
import { boardScene, named } from '../../fakes/boardScene.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import { inDays, NOW_EPOCH_MS } from '../../fakes/metadata.ts';
import { parsePrometheus } from '../../fakes/openMetricsParser.ts';

const start = (settings: Partial<BoardSettings> = {}) => {
  const scene = boardScene(settings);
  const scrape = async () => {
    const { status, body } = await scene.board.metrics();
    expect(status, body).toBe(200);
    return new Map(parsePrometheus(body).map(({ name, metrics }) => [name, metrics]));
  };
  const value = async (name: keyof typeof GAUGES, labels: Record<string, string> = {}) => {
    const found = (await scrape())
      .get(name)
      ?.find((one) => Object.entries(labels).every(([label, text]) => one.labels?.[label] === text));
    return found && Number(found.value);
  };
  return { ...scene, scrape, value };
};

describe('the metrics of the board', () => {
  it('have counts, ends, and what was last seen', async () => {
    const { scan, scrape, value } = start();
    await scan([
      named('gone', { status: 'expired', expiresOnEpochMs: inDays(-1) }),
      named('relic', { status: 'expired', expiresOnEpochMs: inDays(-90), alertUntilEpochMs: inDays(-76) }),
      named('fine', { owner: undefined }),
    ]);
    expect(await value('keywatch_broken')).toBe(1);
    expect(await value('keywatch_credentials', { status: 'expired' })).toBe(2);
    const ends = (await scrape()).get('keywatch_end_timestamp_seconds') ?? [];
    expect(ends.map(({ labels }) => labels?.['id'])).toEqual([
      'kv-front-desk/secret/gone',
      'kv-front-desk/secret/fine',
    ]);
    expect(await value('keywatch_credentials', { status: 'warning' })).toBe(0);
    expect(await value('keywatch_end_timestamp_seconds', { id: 'kv-front-desk/secret/fine' })).toBe(
      inDays(200) / 1000,
    );
    expect(await value('keywatch_state_written_timestamp_seconds')).toBe(NOW_EPOCH_MS / 1000);
    expect(await value('keywatch_job_run_success', { job_name: 'keyvault-scan' })).toBe(1);
    expect(await value('keywatch_target_complete_timestamp_seconds', { target: 'kv-front-desk' })).toBe(
      NOW_EPOCH_MS / 1000,
    );
    expect(await value('keywatch_coverage', { seen: 'no' })).toBe(0);
  });

  it('say that a scan failed and when all was last seen', async () => {
    const { clock, scan, value } = start();
    await scan([named('one')]);
    clock.advance(HOUR_MS);
    await scan([], { outcome: 'failed', failure: inventoryFailure() });
    expect(await value('keywatch_job_run_success', { job_name: 'keyvault-scan' })).toBe(0);
    expect(await value('keywatch_target_complete_timestamp_seconds')).toBe(NOW_EPOCH_MS / 1000);
    expect(await value('keywatch_coverage', { seen: 'no' })).toBe(1);
  });

  it('have grants by state, those that nobody has seen too', async () => {
    const { telemetry, value } = start({ grants: [{ grant: { id: 'crm' } }, { grant: { id: 'erp' } }] });
    telemetry.event('keywatch.grant.refreshed', {
      credentialId: 'grant/crm',
      ...{ outcome: 'dead', reason: 'invalid_grant', provider: 'salesforce' },
      ...{ tokenEndpointHost: 'login.example', durationMs: 1, action: 'Consent again.' },
    });
    await telemetry.flush(60_000);
    expect(await value('keywatch_grants', { state: 'dead' })).toBe(1);
    expect(await value('keywatch_grants', { state: 'not_seen' })).toBe(1);
    expect(await value('keywatch_grants', { state: 'refreshed' })).toBe(0);
  });

  it('have a bounded number of series, and say how much is left out and when that ends', async () => {
    const { scan, scrape, value } = start();
    await scan(
      Array.from({ length: MOST_ENDS + 7 }, (_, index) =>
        named(`n${index}`, { expiresOnEpochMs: inDays(200 + index) }),
      ),
    );
    expect((await scrape()).get('keywatch_end_timestamp_seconds')).toHaveLength(MOST_ENDS);
    expect(await value('keywatch_ends_omitted')).toBe(7);
    expect(await value('keywatch_ends_omitted_next_timestamp_seconds')).toBe(inDays(200 + MOST_ENDS) / 1000);
  });

  it('are refused as a whole where a part of the state cannot be read', async () => {
    const { board, scan, store } = start();
    await scan([named('one')]);
    store.fail(storeFailure('board_state', 'forbidden', { message: 'It may not be read.' }));
    expect(await board.metrics()).toMatchObject({
      status: 503,
      body: expect.stringContaining('It may not be read.'),
    });
  });
});

it('count what was not looked at in a state that is too large to be read as a whole', () => {
  const facts = {
    nowEpochMs: NOW_EPOCH_MS,
    items: [],
    coverage: [],
    total: 60_000,
    omitted: 50_000,
    windows: 6,
    notes: [],
  };
  expect(gaugesText({ facts, targets: [], subjects: {} })).toContain('keywatch_credentials_unread 50000\n');
});

describe('the text of a scrape', () => {
  it('keeps to the order and the units of the specification', async () => {
    const { board, scan } = start();
    await scan([named('one')]);
    const { body, headers } = await board.metrics();
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(body.match(/# EOF\n/g)).toHaveLength(1);
    expect(body.endsWith('\n# EOF\n')).toBe(true);
    const blocks = body.split('# TYPE ').slice(1);
    expect(blocks.map((block) => block.split(' ')[0])).toEqual(Object.keys(GAUGES));
    for (const [index, [name, gauge]] of Object.entries(GAUGES).entries()) {
      const [, second, third] = (blocks[index] ?? '').split('\n');
      expect(name.endsWith('_seconds')).toBe('unit' in gauge);
      expect(second).toMatch('unit' in gauge ? `# UNIT ${name} seconds` : `# HELP ${name} `);
      if ('unit' in gauge) expect(third).toMatch(/^# HELP/);
    }
  });

  it('gives back every name as it is shown, whatever is in it, and no series twice', () => {
    const odd = fc.oneof(
      anyText(),
      fc.string({ unit: fc.constantFrom('"', '\\', '\n', '{', '}', ',', '=', '#', ' ', '\u202e', 'n') }),
      fc.constant('x'.repeat(10_000)),
    );
    const gauges = { a: { help: 'back\\slash "quote"\nline' }, b: { help: 'x' } };
    fc.assert(
      fc.property(fc.array(odd), (names) => {
        const samples = names.map((name, index) => ({ labels: { name, none: undefined }, value: index }));
        const [first, second] = parsePrometheus(
          openMetricsText(gauges, { a: samples, b: [{ value: 8.64e15 }] }),
        );
        const shown = [...new Set(names.map((name) => printable(name, 200)))];
        expect((first?.metrics ?? []).map(({ labels }) => labels?.['name'] ?? '')).toEqual(shown);
        expect(second?.metrics).toEqual([{ value: '8640000000000000' }]);
      }),
    );
  });
});

describe('samples/grafana-dashboard.json', () => {
  const text = readFileSync('samples/grafana-dashboard.json', 'utf8');

  it('asks for metrics that there are, and for each of them', () => {
    const asked = new Set(
      [...text.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].flatMap(
        ([, expr = '']) => expr.match(/keywatch_\w+/g) ?? [],
      ),
    );
    expect([...asked].toSorted()).toEqual(Object.keys(GAUGES).toSorted());
  });

  it('names no data source of anybody', () => {
    const uids = new Set([...text.matchAll(/"uid": "([^"]*)"/g)].map(([, uid]) => uid));
    expect([...uids].toSorted()).toEqual(['$'.concat('{datasource}'), 'keywatch']);
  });
});
