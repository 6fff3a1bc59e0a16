import { type Cell, CLASSES, FAULTS } from './crashTable.ts';
import { ACTORS } from './worldTable.ts';

const BEGIN = '<!-- crash table: written by npm run docs:crash-table -->';
const END = '<!-- end of the crash table -->';

/** The page with its crash table replaced by the one that was just measured. */
export const withCrashTable = (page: string, cells: ReadonlyMap<string, Cell>): string => {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error('docs/refresh-protocol.md has lost the marks of its crash table');
  return `${page.slice(0, begin)}${BEGIN}\n${table(cells)}\n${page.slice(end)}`;
};

const table = (cells: ReadonlyMap<string, Cell>): string => {
  const classes = Object.keys(CLASSES);
  const cellText = (name: string): string => {
    const cell = cells.get(name);
    if (cell === undefined) return '?';
    const lost = cell.losses.length;
    return lost === 0 ? `0 / ${cell.runs}` : `**${lost}** / ${cell.runs}`;
  };
  const rows = [...FAULTS, ...Object.keys(ACTORS)].map(
    (fault) => `| ${fault} | ${classes.map((name) => cellText(`${name} / ${fault}`)).join(' | ')} |`,
  );
  const counts = new Map<string, string[]>();
  for (const [name, { losses }] of cells) {
    for (const cause of new Set(losses.map((loss) => loss.cause))) {
      const count = losses.filter((loss) => loss.cause === cause).length;
      counts.set(cause, [...(counts.get(cause) ?? []), `${name} (${count})`]);
    }
  }
  const causes = [...counts].map(([cause, where]) => `- ${cause}: ${where.join('; ')}`);
  const runs = [...cells.values()].reduce((sum, cell) => sum + cell.runs, 0);
  return [
    '',
    `| lost / runs | ${classes.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(classes.length)}`,
    ...rows,
    '',
    `${runs} runs of the production code. The losses, all told, those of the first twelve rows within one run:`,
    '',
    ...causes,
    '',
  ].join('\n');
};
