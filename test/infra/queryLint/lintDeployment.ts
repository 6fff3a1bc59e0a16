import { type BoundNode, items, optionalPart, walk } from 'kql-on-duckdb/boundTree';
import type { LintFault } from './lint.ts';

/**
 * What keeps deployments apart: their id, or the place of a row once each has its own; the role and the host of calls,
 * which may be anybody's; and `Key`, by which a list that holds for every deployment meets all of them.
 */
const APART: ReadonlySet<string> = new Set(['Deployment', 'Place', 'AppRoleName', 'Host', 'Key']);

const nameOf = (key: BoundNode): string =>
  optionalPart(key, 'Name')?.text ?? (key.kind === 'NameReference' ? key.text : '');

const keysOf = (node: BoundNode): readonly BoundNode[] | undefined => {
  if (node.kind === 'SummarizeOperator') {
    const by = optionalPart(node, 'ByClause');
    return by === undefined ? [] : items(by, 'Expressions');
  }
  if (node.kind === 'DistinctOperator') return items(node, 'Expressions');
  if (node.kind !== 'JoinOperator') return undefined;
  const on = optionalPart(node, 'ConditionClause');
  return on?.kind === 'JoinOnClause' ? items(on, 'Expressions') : [];
};

/**
 * Several deployments may write to one workspace: whatever groups or joins what Keywatch sent has to keep them apart,
 * or the life of one hides the death of another.
 */
export const lintDeployment = (root: BoundNode): LintFault[] => {
  const nodes = [...walk(root)];
  if (!nodes.some(({ stringValue }) => stringValue?.startsWith('keywatch.'))) return [];
  return nodes
    .filter((node) => keysOf(node)?.some((key) => APART.has(nameOf(key))) === false)
    .map((node) => ({
      rule: 'deployment',
      message: `this mixes deployments, group or join by Deployment: ${node.text.slice(0, 80)}`,
    }));
};
