import { type BoundNode, optionalPart, part } from './boundTree.ts';
import { dynamicSql, literalSql } from './literals.ts';
import { identifier, type Scalar, type ScalarScope } from './sql.ts';
import { arithmetic } from './translateArithmetic.ts';
import { between, equality, membership, ordering } from './translateComparison.ts';
import { functionSql } from './translateFunctions.ts';
import { memberSql } from './translateMember.ts';
import { hasSeveral, stringOperator } from './translateStrings.ts';
import { UnknownKql } from './unknownKql.ts';

const nameReference = (node: BoundNode, scope: ScalarScope): string => {
  const { kind, name } = node.symbol ?? { kind: '', name: '' };
  if (kind === 'ColumnSymbol') return identifier(name);
  const bound = kind === 'VariableSymbol' ? scope.scalars.get(name) : undefined;
  if (bound === undefined) throw new UnknownKql(`the name ${name || node.text}`, node);
  return bound;
};

const COMPARE: Readonly<Record<string, string>> = {
  LessThan: '<',
  LessThanOrEqual: '<=',
  GreaterThan: '>',
  GreaterThanOrEqual: '>=',
};
const COMPUTE: Readonly<Record<string, string>> = {
  Add: '+',
  Subtract: '-',
  Multiply: '*',
  Divide: '/',
  Modulo: '%',
};

const binary = (node: BoundNode, scalar: Scalar): string => {
  const operator = node.symbol?.name ?? '';
  if (operator === 'And' || operator === 'Or')
    return `(${scalar(part(node, 'Left'))} ${operator.toUpperCase()} ${scalar(part(node, 'Right'))})`;
  if (operator === 'Equal' || operator === 'NotEqual') return equality(node, scalar, operator === 'NotEqual');
  const compare = COMPARE[operator];
  if (compare !== undefined) return ordering(node, scalar, compare);
  const compute = COMPUTE[operator];
  if (compute !== undefined) return arithmetic(node, compute, scalar);
  const ofStrings = stringOperator(node, operator, scalar);
  if (ofStrings === undefined) throw new UnknownKql(`the operator ${operator}`, node);
  return ofStrings;
};

const isIn = (node: BoundNode, scalar: Scalar, scope: ScalarScope): string => {
  const operator = part(node, 'Operator').text;
  const negated = operator.startsWith('!');
  return membership(node, { scalar, scope, negated, ignoreCase: operator.endsWith('~') });
};

const minus = (node: BoundNode, scalar: Scalar): string => {
  if (optionalPart(node, 'Operator')?.text !== '-') throw new UnknownKql('this prefix', node);
  return `(-${scalar(part(node, 'Expression'))})`;
};

const inner = (node: BoundNode, scalar: Scalar): string => scalar(part(node, 'Expression'));

const call = (node: BoundNode, scalar: Scalar, scope: ScalarScope): string =>
  node.symbol?.name === 'row_number' ? scope.rowNumber(node) : functionSql(node, scalar);

const EXPRESSIONS: Readonly<Record<string, (node: BoundNode, scalar: Scalar, scope: ScalarScope) => string>> =
  {
    LiteralExpression: literalSql,
    DynamicExpression: dynamicSql,
    NameReference: (node, _, scope) => nameReference(node, scope),
    ParenthesizedExpression: inner,
    SimpleNamedExpression: inner,
    BinaryExpression: binary,
    PrefixUnaryExpression: minus,
    InExpression: isIn,
    BetweenExpression: (node, scalar) => between(node, scalar, node.symbol?.name === 'NotBetween'),
    HasAnyExpression: (node, scalar) => hasSeveral(node, scalar, 'OR'),
    HasAllExpression: (node, scalar) => hasSeveral(node, scalar, 'AND'),
    ElementExpression: memberSql,
    PathExpression: memberSql,
    FunctionCallExpression: call,
  };

/** Writes scalar expressions of one scope as SQL; throws UnknownKql for anything not listed here. */
export const scalarTranslator = (scope: ScalarScope): Scalar => {
  const scalar: Scalar = (node) => {
    const known = EXPRESSIONS[node.kind];
    if (known === undefined) throw new UnknownKql(`the expression ${node.kind}`, node);
    return known(node, scalar, scope);
  };
  return scalar;
};
