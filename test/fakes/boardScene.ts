import { createBoard } from '../../src/lib/board/board.ts';
import type { BoardSettings } from '../../src/lib/board/gatherFacts.ts';
import type { Assessment } from '../../src/lib/scan/rules/credential.ts';
import { boardState } from './boardState.ts';
import { assessment, inDays, VAULT_URL } from './metadata.ts';

export const SETTINGS: BoardSettings = {
  targets: [{ source: 'keyvault', target: VAULT_URL, name: 'kv-front-desk' }],
  subscriptionIds: [],
  grants: [],
  clients: [],
  rotate: undefined,
  callers: {},
  publicUrl: undefined,
};

/** A secret of the vault. */
export const named = (name: string, changes: Partial<Assessment> = {}) =>
  assessment({ name, credentialId: `kv-front-desk/secret/${name}`, ...changes });
export const ended = (name: string, changes: Partial<Assessment> = {}) =>
  named(name, { status: 'expired', expiresOnEpochMs: inDays(-1), ...changes });

/** A board of one vault, over a state in memory. */
export const boardScene = (settings: Partial<BoardSettings> = {}) => {
  const state = boardState();
  const board = createBoard({ ...SETTINGS, ...settings }, { clock: state.clock, state: state.store });
  const status = async (query = '') => (await board.status(new URLSearchParams(query))).jsonBody;
  const names = async (query = '') => {
    const answer = await status(query);
    return 'rows' in answer ? answer.rows.map(({ name }) => name) : answer;
  };
  const text = async (query = '') =>
    (await board.page('board', { parameters: new URLSearchParams(query) })).body;
  const item = (id: string) => board.item({ parameters: new URLSearchParams({ id }) });
  return { ...state, board, status, names, text, item };
};
