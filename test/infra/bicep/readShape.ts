import type { Node } from 'web-tree-sitter';
import type { Shape } from './model.ts';

/** Reads a type as written after a name: `string[]`, `'a' | 'b'`, `{ a: int? }`, `vaultReference`. */
export const readShape = (node: Node | null | undefined): Shape => {
  if (node === null || node === undefined) return { kind: 'any' };
  const parts = node.namedChildren.filter(
    (child): child is Node => child !== null && !child.type.endsWith('comment'),
  );
  switch (node.type) {
    case 'type':
    case 'parenthesized_type':
      return readShape(parts[0]);
    case 'array_type':
      return { kind: 'array', item: readShape(parts[0]) };
    case 'nullable_type':
      return { kind: 'union', of: [readShape(parts[0]), { kind: 'null' }] };
    case 'union_type':
    // Three literals and more come as nested binary expressions.
    case 'binary_expression':
      return union(parts.map(readShape));
    case 'string':
      return { kind: 'string', literals: [node.text.slice(1, -1)] };
    case 'object':
      return {
        kind: 'object',
        properties: new Map(
          parts
            .filter((part) => part.type === 'object_property')
            .map((part) => [part.namedChildren[0]?.text ?? '', readShape(part.namedChildren[1])]),
        ),
      };
    case 'identifier':
    case 'primitive_type':
      return named(node.text);
  }
  throw new Error(`line ${node.startPosition.row + 1}: no type for ${node.type}`);
};

const named = (name: string): Shape => {
  if (name === 'string' || name === 'secureString') return { kind: 'string' };
  if (name === 'int') return { kind: 'int' };
  if (name === 'bool') return { kind: 'bool' };
  if (name === 'array') return { kind: 'array', item: { kind: 'any' } };
  if (name === 'object' || name === 'secureObject') return { kind: 'object' };
  return { kind: 'alias', name };
};

/** A union of literals is one string with its literals; anything else stays a union. */
const union = (of: Shape[]): Shape => {
  const isLiterals = (shape: Shape) => shape.kind === 'string' && shape.literals !== undefined;
  if (!of.every(isLiterals)) return { kind: 'union', of };
  return {
    kind: 'string',
    literals: of.flatMap((shape) => (shape.kind === 'string' ? (shape.literals ?? []) : [])),
  };
};
