import { type Cell, CLASSES, FAULTS } from './crashTable.ts';

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
  const rows = FAULTS.map(
    (fault) => `| ${fault} | ${classes.map((name) => cellText(`${name} / ${fault}`)).join(' | ')} |`,
  );
  const causes = [...cells].flatMap(([name, { losses }]) =>
    [...new Set(losses.map(({ cause }) => cause))].map(
      (cause) => `- ${name}: ${cause} (${losses.filter((loss) => loss.cause === cause).length})`,
    ),
  );
  const runs = [...cells.values()].reduce((sum, cell) => sum + cell.runs, 0);
  return [
    '',
    `| lost / runs | ${classes.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(classes.length)}`,
    ...rows,
    '',
    `${runs} runs of the production code. The losses, all told within one tick:`,
    '',
    ...causes,
    '',
  ].join('\n');
};
