import { partOfApp } from './app.ts';

export const board = partOfApp(async ({ config, connections }) => {
  const { createBoard } = await import('../board/board.ts');
  return createBoard(config, await connections());
});
