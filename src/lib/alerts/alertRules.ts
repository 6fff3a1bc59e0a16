import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the daily digest repeats of a rule: a column of its result, and a count in its line of what is open. */
export interface Repeated {
  /** The column, in the words of a rule's name; absent: the rule's own. */
  readonly name?: string;
  /** In whose digest: its owner's, or that of Keywatch itself. */
  readonly of: 'owner' | 'keywatch';
  /** What is counted, before the number: `dead grants`. */
  readonly counts: string;
  /** KQL: a table with `Deployment`, and with `Owner` where it is the owner's. */
  readonly rows: string;
  /** KQL: which rows of it; absent: all. What several take of one table, the first of them has: the most severe. */
  readonly where?: string;
  /** KQL: what one of them is called. What is called alike is counted once. */
  readonly names: string;
}

/** What `infra/alerts/NAME/rule.json` says and Bicep deploys, word for word. Durations are ISO 8601. */
interface RuleSettings {
  readonly displayName: string;
  readonly description: string;
  /** Of a mail. The service puts in what it names: the value of a dimension, by its place. */
  readonly emailSubject: string;
  /** For docs/alerts.md: what has an alert of its own. */
  readonly alertPer: string;
  /** What the daily digest repeats while it lasts; empty: nothing. */
  readonly digest: readonly Repeated[];
  /** 0 critical … 4 verbose. */
  readonly severity: number;
  /** False: off unless a parameter of the deployment asks for it. */
  readonly enabled: boolean;
  /**
   * What stands before its query, in this order: `infra/kql/NAME.kql`, or the `condition.kql` of the rule NAME.
   * Before `repeated` comes whatever stands before those that the digest repeats.
   */
  readonly heads: readonly string[];
  /** And what stands after it: `infra/kql/tails/NAME.kql`. */
  readonly tails: readonly string[];
  readonly evaluationFrequency: string;
  readonly windowSize: string;
  /** How far back the query may look; null: the window. */
  readonly overrideQueryTimeRange: string | null;
  /** Result columns that split the alert: one open alert per combination of values. In the order of the alphabet. */
  readonly dimensions: readonly string[];
  readonly autoMitigate: boolean;
}

/** An alert rule: a folder of infra/alerts. */
export interface AlertRule extends RuleSettings {
  /** Name of the folder. */
  readonly name: string;
  /** Path of its runbook in this repository. */
  readonly runbook: string;
}

const INFRA = join(import.meta.dirname, '../../../infra');

const textOf = (path: string): string => readFileSync(join(INFRA, path), 'utf8');

const readRule = (name: string): AlertRule => ({
  name,
  ...(JSON.parse(textOf(`alerts/${name}/rule.json`)) as RuleSettings),
  runbook: `infra/alerts/${name}/runbook.md`,
});

const written = readdirSync(join(INFRA, 'alerts'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => readRule(name))
  .sort((one, other) => one.severity - other.severity || (one.name < other.name ? -1 : 1));

const REPEATED = 'repeated';
const beforeRepeated = written
  .filter(({ heads, digest }) => digest.length > 0 && !heads.includes(REPEATED))
  .flatMap(({ heads }) => heads);
const allHeads = (heads: readonly string[]): readonly string[] => [
  ...new Set(heads.flatMap((head) => (head === REPEATED ? [...beforeRepeated, head] : [head]))),
];

/** Every alert rule, most severe first, then by name. */
export const alertRules: readonly AlertRule[] = written.map((rule) => ({
  ...rule,
  heads: allHeads(rule.heads),
}));

/** Path from `infra` of what stands before a query: a file of `infra/kql`, or the condition of a rule. */
export const headPath = (name: string): string =>
  alertRules.some((rule) => rule.name === name) ? `alerts/${name}/condition.kql` : `kql/${name}.kql`;

/** A file of `infra/kql`, or the condition of a rule. */
export const queryHead = (name: string): string => textOf(headPath(name));

/** The query of a rule, comments and all, as it is deployed but for the settings in its first head. */
export const alertQuery = (name: string): string => {
  const { heads = [], tails = [] } = alertRules.find((rule) => rule.name === name) ?? {};
  const paths = [
    ...heads.map(headPath),
    `alerts/${name}/query.kql`,
    ...tails.map((tail) => `kql/tails/${tail}.kql`),
  ];
  return paths.map(textOf).join('');
};
