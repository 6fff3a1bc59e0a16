import { type BoundNode, isNumber, part, scalarOf } from './boundTree.ts';
import { duckType, type Scalar } from './sql.ts';
import { UnknownKql } from './unknownKql.ts';

const isWhole = (type: string) => type === 'int' || type === 'long';

const ofNumbers = (operator: string, a: string, b: string, whole: boolean): string => {
  // Whole numbers divide to a whole number, cut towards zero; DuckDB's / would give a double.
  if (operator === '/') return whole ? `(${a} // ${b})` : `(CAST(${a} AS DOUBLE) / ${b})`;
  return `(${a} ${operator} ${b})`;
};

const moved = (moment: string, operator: string, span: string) =>
  `make_timestamp(epoch_us(${moment}) ${operator} ${span})`;

const ofTimes = (node: BoundNode, operator: string, [a, b]: readonly [string, string]): string => {
  const kinds = `${scalarOf(part(node, 'Left'))} ${operator} ${scalarOf(part(node, 'Right'))}`;
  switch (kinds) {
    case 'datetime - datetime':
      return `(epoch_us(${a}) - epoch_us(${b}))`;
    case 'datetime + timespan':
    case 'datetime - timespan':
      return moved(a, operator, b);
    case 'timespan + datetime':
      return moved(b, operator, a);
    case 'timespan + timespan':
    case 'timespan - timespan':
      return `(${a} ${operator} ${b})`;
    case 'timespan / timespan':
      return `(CAST(${a} AS DOUBLE) / ${b})`;
    case 'timespan * long':
    case 'timespan * int':
    case 'timespan * real':
    case 'long * timespan':
    case 'int * timespan':
    case 'real * timespan':
      return `CAST(round(${a} * ${b}) AS BIGINT)`;
    default:
      throw new UnknownKql(`arithmetic of ${kinds}`, node);
  }
};

/** `+ - * / %` over numbers, datetimes and timespans. Division by zero gives null here. */
export const arithmetic = (node: BoundNode, operator: string, scalar: Scalar): string => {
  const [left, right] = [part(node, 'Left'), part(node, 'Right')];
  const sides = [scalar(left), scalar(right)] as const;
  const types = [scalarOf(left), scalarOf(right)];
  if (!types.every(isNumber)) return ofTimes(node, operator, sides);
  const sql = ofNumbers(operator, sides[0], sides[1], types.every(isWhole));
  return `CAST(${sql} AS ${duckType(scalarOf(node))})`;
};
