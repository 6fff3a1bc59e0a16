import { type BoundNode, part, scalarOf } from './boundTree.ts';
import { dynamicText, type Scalar, text } from './sql.ts';
import { UnknownKql } from './unknownKql.ts';

/** Where in a dynamic value a member is. */
interface Member {
  readonly object: string;
  readonly path: string;
}

const keyPath = (key: string, node: BoundNode): string => {
  if (/["\\]/.test(key)) throw new UnknownKql('a property key with quotes', node);
  return `$."${key}"`;
};

const selected = (node: BoundNode): string => {
  const selector = part(part(node, 'Selector'), 'Expression');
  if (selector.stringValue !== undefined) return keyPath(selector.stringValue, node);
  if (!/^\d+$/.test(selector.text)) throw new UnknownKql('a computed index', node);
  return `$[${selector.text}]`;
};

const PATHS: Readonly<Record<string, { readonly what: string; readonly path: (node: BoundNode) => string }>> =
  {
    /** `Properties["k"]`, `Properties["a"][0]`. */
    ElementExpression: { what: 'an index', path: selected },
    /** `Properties.k`. */
    PathExpression: { what: 'a path', path: (node) => keyPath(part(node, 'Selector').text, node) },
  };

const memberOf = (node: BoundNode, scalar: Scalar): Member | undefined => {
  const known = PATHS[node.kind];
  if (known === undefined) return undefined;
  const object = part(node, 'Expression');
  if (scalarOf(object) !== 'dynamic') throw new UnknownKql(`${known.what} into no dynamic value`, node);
  if (node.type?.kind !== 'scalar') throw new UnknownKql('this member', node);
  return { object: scalar(object), path: text(known.path(node)) };
};

/** A member of a dynamic value. */
export const memberSql = (node: BoundNode, scalar: Scalar): string => {
  const member = memberOf(node, scalar);
  if (member === undefined) throw new UnknownKql('this member', node);
  const found = `json_extract(${member.object}, ${member.path})`;
  // JSON null is Kusto's dynamic null: one kind of nothing.
  return `(CASE WHEN json_type(${found}) <> 'NULL' THEN ${found} END)`;
};

/** Text of a dynamic value; that of a member by one call, as JSON null has no text either: most of all queries are that. */
export const dynamicTextOf = (node: BoundNode, scalar: Scalar): string => {
  const member = memberOf(node, scalar);
  return member === undefined ? dynamicText(scalar(node)) : dynamicText(member.object, member.path);
};
