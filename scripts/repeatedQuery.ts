import { type AlertRule, alertRules, type Repeated } from '../src/lib/alerts/alertRules.ts';

interface Part extends Repeated {
  /** Its column of names. */
  readonly column: string;
  /** Whether whoever has it comes first: what is urgent of an owner. */
  readonly isUrgent: boolean;
}

/** `credential-expired` as a column: `CredentialExpired`. */
const columnOf = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_all, letter: string) => letter.toUpperCase());

const partsOf = ({ name, severity, digest }: AlertRule): Part[] =>
  digest.map((part) => ({
    ...part,
    column: columnOf(part.name ?? name),
    isUrgent: part.of === 'owner' && severity <= 1,
  }));

/** Before each part of the line of what is open. */
const BETWEEN = ', ';

const PARTS = alertRules.flatMap(partsOf);

const lines = (items: readonly string[]): string => items.map((item) => `    ${item}`).join(',\n');

const choice = (cases: readonly string[], otherwise: string): string =>
  cases.length === 0 ? otherwise : `case(\n${lines([...cases, otherwise])}\n    )`;

/** What the rows of a table are called, and of which part each is where they are of several. */
const named = (parts: readonly Part[], isShared: boolean): string => {
  const usual = parts.at(-1)?.names ?? '';
  const others = parts.filter(({ names }) => names !== usual);
  const cases = others.map(({ column, names }) => `Part == "${column}", ${names}`);
  const which = choice(
    parts.map(({ where, column }) => `${where}, "${column}"`),
    '""',
  );
  return `${isShared ? `| extend Part = ${which}\n| where isnotempty(Part)\n` : ''}| extend Named = ${choice(cases, usual)}`;
};

/** One pass over a table, whatever is repeated of it. */
const repeated = (rows: string, parts: readonly Part[]): string => {
  const isShared = parts.some(({ where }) => where !== undefined);
  const owner = parts.some(({ of }) => of === 'keywatch') ? 'Owner = "Keywatch itself"' : 'Owner';
  const sums = parts.flatMap(({ column }) =>
    isShared
      ? [
          `${column} = make_set_if(Named, Part == "${column}", MostNamed)`,
          `${column}Count = countif(Part == "${column}")`,
        ]
      : [`${column} = make_set(Named, MostNamed)`, `${column}Count = count()`],
  );
  const open = parts.map(
    ({ column, counts }) => `${column}Open = strcat("${BETWEEN}${counts}: ", tostring(${column}Count))`,
  );
  return `let Repeated${rows} = ${rows}
${named(parts, isShared)}
| distinct Deployment, ${owner}, ${isShared ? 'Part, ' : ''}Named
| summarize
${lines(sums)}
    by Deployment, Owner
| extend
${lines(open)};`;
};

const TABLES = [...Map.groupBy(PARTS, ({ rows }) => rows)];

/** infra/kql/repeated.kql: what the digest repeats, as each rule.json says it, most severe first. */
export const repeatedQuery =
  (): string => `// Made by \`npm run docs\` from the rule.json of every rule: do not edit.
// What the digest repeats: for each rule a column with what it names, and the number of all that in one line. A table
// is read once, whatever is repeated of it: a row is of the first part that it fits.
// A column names so many: whoever has more works on the list of the workbook.
let MostNamed = 50;
${TABLES.map(([rows, parts]) => repeated(rows, parts)).join('\n')}
let Repeated = Owners
${TABLES.map(([rows]) => `| join kind=leftouter Repeated${rows} on Deployment, Owner`).join('\n')}
| project
    TimeGenerated = now(),
    Deployment,
    Owner,
    Open = substring(strcat(
${lines(PARTS.map(({ column }) => `    iff(${column}Count > 0, ${column}Open, "")`))}
        ), strlen("${BETWEEN}")),
    Broken = ${PARTS.filter(({ isUrgent }) => isUrgent)
      .map(({ column }) => `coalesce(${column}Count, 0)`)
      .join('\n        + ')},
${lines(PARTS.map(({ column }) => `${column} = iff(${column}Count > 0, ${column}, dynamic(null))`))};
`;
