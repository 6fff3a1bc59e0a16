import { beforeAll, describe, expect, it } from 'vitest';
import { createBoard } from '../../../src/lib/board/board.ts';
import { MOST_AS_A_WHOLE, MOST_IN_WINDOW } from '../../../src/lib/board/rules/windows.ts';
import type { Assessment } from '../../../src/lib/scan/rules/credential.ts';
import { SETTINGS } from '../../fakes/boardScene.ts';
import { boardState } from '../../fakes/boardState.ts';
import { assessment, inDays } from '../../fakes/metadata.ts';

const VAULTS = ['kv-a', 'kv-b', 'kv-c'];
const EACH = 17_000;
const TOTAL = VAULTS.length * EACH;
const urlOf = (vault: string) => `https://${vault}.vault.azure.net`;

/** One that has ended, the others fine for longer and longer; the last one belongs to somebody. */
function* credentialsOf(vault: string): Iterable<Assessment> {
  for (let index = 0; index < EACH; index++) {
    const isFirst = index === 0;
    yield assessment({
      vault,
      name: isFirst ? 'ended' : `fine-${index}`,
      status: isFirst ? 'expired' : 'valid',
      expiresOnEpochMs: isFirst ? inDays(-1) : inDays(200 + index / 100),
      owner: index === EACH - 1 ? `last-of-${vault}@contoso.example` : undefined,
    });
  }
}

/** Parts that were read since the last time of asking. */
const counting = (state: ReturnType<typeof boardState>['store']) => {
  let count = 0;
  const store = {
    ...state,
    read: (name: string) => {
      if (name.startsWith('parts/')) count += 1;
      return state.read(name);
    },
  };
  const taken = () => {
    const was = count;
    count = 0;
    return was;
  };
  return { store, taken };
};

const targetOf = (name: string) => ({ source: 'keyvault' as const, target: urlOf(name), name });

describe('a state of more credentials than one page looks at', { tags: ['exhaustive'] }, () => {
  const state = boardState();
  const { store, taken } = counting(state.store);
  const board = createBoard(
    { ...SETTINGS, targets: VAULTS.map(targetOf) },
    { clock: state.clock, state: store },
  );
  const status = async (query = '') => {
    const { jsonBody } = await board.status(new URLSearchParams(query));
    if ('error' in jsonBody) throw new Error(jsonBody.error);
    return jsonBody;
  };

  beforeAll(async () => {
    for (const vault of VAULTS) await state.scan(credentialsOf(vault), { target: urlOf(vault), vault });
    expect(TOTAL).toBeGreaterThan(MOST_AS_A_WHOLE);
  }, 60_000);

  it('has on its first page what is broken anywhere', async () => {
    const { broken, total, windows, notes } = await status();
    expect(broken.first.map(({ id }) => id)).toEqual(VAULTS.map((vault) => `${vault}/secret/ended`));
    expect(total).toBe(TOTAL);
    expect(notes).toEqual([
      `There are 51,000 credentials; this is part 1 of ${windows}, the urgent ones first.`,
    ]);
  });

  it('is all there, window by window, none of them larger than a page bears', async () => {
    const { windows } = await status();
    let sum = 0;
    for (let window = 1; window <= windows; window++) {
      const { found } = await status(`window=${window}`);
      expect(found).toBeLessThanOrEqual(MOST_IN_WINDOW);
      sum += found;
    }
    expect(sum).toBe(TOTAL);
  });

  it('is searched as a whole', async () => {
    const { rows, windows, notes } = await status('q=fine-16999');
    expect(rows.map(({ id }) => id)).toEqual(VAULTS.map((vault) => `${vault}/secret/fine-16999`));
    expect({ windows, notes }).toEqual({
      windows: 1,
      notes: ['There are 51,000 credentials: the list is of all of them, all else of the 5,003 most urgent.'],
    });
  });

  it('says which part it shows where the address names one that is not there', async () => {
    const { window, windows } = await status('window=999');
    expect(window).toBe(windows);
    expect(await status('window=2&q=fine-16999')).toMatchObject({ window: 1, windows: 1 });
  });

  it('says that a search finds more than a list bears', async () => {
    const { found, notes } = await status('status=valid');
    expect(found).toBeGreaterThanOrEqual(MOST_IN_WINDOW);
    expect(found).toBeLessThan(TOTAL);
    expect(notes).toEqual([
      'There are 51,000 credentials, and too many are like that: these are the most urgent of them.',
    ]);
  });

  it('is searched in one vault alone where the filter names it', async () => {
    await status();
    taken();
    const { found } = await status('where=kv-b&q=fine-1699');
    expect(found).toBe(11);
    expect(taken()).toBeLessThanOrEqual(Math.ceil(EACH / 5_000));
  });

  it('opens the page of any credential by its id alone, and reads the parts of its vault alone', async () => {
    const page = (id: string) => board.item({ parameters: new URLSearchParams({ id }) });
    await status();
    taken();
    expect(await page('kv-c/secret/fine-16999')).toMatchObject({
      status: 200,
      body: expect.stringContaining('last-of-kv-c@contoso.example'),
    });
    expect(taken()).toBeLessThanOrEqual(Math.ceil(EACH / 5_000));
    expect((await page('kv-a/secret/ended')).status).toBe(200);
    expect((await page('kv-c/secret/none')).status).toBe(404);
    taken();
    expect((await page('kv-d/secret/fine-1')).status).toBe(404);
    expect(taken()).toBe(0);
  });

  it('gives an owner all that is theirs as a calendar, which then is whole', async () => {
    const { body } = await board.calendar('last-of-kv-a@contoso.example');
    expect(body).toContain('fine-16999');
    expect(body).not.toContain('not whole');
  });

  it('says in a scrape how many were not looked at', async () => {
    const { body } = await board.metrics();
    expect(body).toContain('keywatch_broken 3\n');
    expect(body).toContain(`keywatch_credentials_unread ${TOTAL - 5_003}\n`);
    expect(body).toContain(`keywatch_credentials{status="valid"} ${TOTAL - VAULTS.length}\n`);
  });

  it('reads no part again for the next page of it', async () => {
    await status();
    taken();
    await status();
    expect(taken()).toBe(0);
  });
});

describe('a large state of which most ended long ago or ends soon', () => {
  const state = boardState();
  const vaults = Array.from({ length: 13 }, (_, index) => `kv-${index}`);
  const board = createBoard(
    { ...SETTINGS, targets: vaults.map(targetOf) },
    { clock: state.clock, state: state.store },
  );

  function* credentialsOfOne(vault: string): Iterable<Assessment> {
    for (let index = 0; index < 2_000; index++) {
      const longAgo = { expiresOnEpochMs: inDays(-90), alertUntilEpochMs: inDays(-76) };
      yield assessment({ vault, name: `old-${index}`, status: 'expired', ...longAgo });
      yield assessment({ vault, name: `soon-${index}`, status: 'warning', expiresOnEpochMs: inDays(20) });
    }
    const yesterday = { expiresOnEpochMs: inDays(-1), alertUntilEpochMs: inDays(13) };
    yield assessment({ vault, name: 'broken', status: 'expired', ...yesterday });
  }

  beforeAll(async () => {
    for (const vault of vaults) await state.scan(credentialsOfOne(vault), { target: urlOf(vault), vault });
  });

  it('has on its first page, and in a scrape, all that is broken', async () => {
    const { jsonBody } = await board.status(new URLSearchParams());
    expect(jsonBody).toMatchObject({ total: 13 * 4_001, broken: { count: 13 } });
    expect((await board.metrics()).body).toContain('keywatch_broken 13\n');
  });
});
