import type { Node } from 'web-tree-sitter';
import type { Expression, Property, Resource } from './model.ts';

type ReadResource = (node: Node) => Resource[];

/**
 * Reads an expression of the syntax tree.
 *
 * The grammar binds `.x`, `[x]` and calls looser than operators (`a ?? b.c` comes as `(a ?? b).c`), so each of
 * these is moved to the right end of the operand it follows, unless that operand is in parentheses.
 *
 * @param readNested reads a resource declared inside an object; it gives that resource and its own children.
 */
export const readExpression = (node: Node, readNested: ReadResource): Expression => {
  const grouped = new WeakSet<Expression>();
  const lineOf = (at: Node) => at.startPosition.row + 1;
  const named = (at: Node) =>
    at.namedChildren.filter((child): child is Node => child !== null && !child.type.endsWith('comment'));
  const first = (at: Node): Node => {
    const child = named(at)[0];
    if (child === undefined) throw new Error(`line ${lineOf(at)}: ${at.type} is empty`);
    return child;
  };
  const field = (at: Node, name: string): Node => {
    const child = at.childForFieldName(name);
    if (child === null) throw new Error(`line ${lineOf(at)}: ${at.type} has no ${name}`);
    return child;
  };

  const postfix = (target: Expression, make: (target: Expression) => Expression): Expression => {
    if (grouped.has(target)) return make(target);
    if (target.kind === 'operator') {
      const last = target.operands.at(-1);
      if (last === undefined) return make(target);
      return { ...target, operands: [...target.operands.slice(0, -1), postfix(last, make)] };
    }
    if (target.kind === 'ternary') return { ...target, whenFalse: postfix(target.whenFalse, make) };
    if (target.kind === 'lambda') return { ...target, body: postfix(target.body, make) };
    return make(target);
  };

  const binary = (line: number, operator: string, left: Expression, right: Expression): Expression => {
    if (!grouped.has(left) && left.kind === 'lambda')
      return { ...left, body: binary(line, operator, left.body, right) };
    return { kind: 'operator', line, operator, operands: [left, right] };
  };

  const string = (at: Node): Expression => {
    const line = lineOf(at);
    const parts = named(at);
    const text = (part: Node) => (part.type === 'escape_sequence' ? unescaped(part.text) : part.text);
    if (!parts.some((part) => part.type === 'interpolation')) {
      const inner = at.text.startsWith("'''") ? at.text.slice(3, -3) : at.text.slice(1, -1);
      const value = at.text.startsWith("'''") ? inner : inner.replace(/\\(u\{[0-9a-fA-F]+\}|.)/g, unescaped);
      return { kind: 'literal', line, value };
    }
    return {
      kind: 'interpolated',
      line,
      parts: parts.map((part) =>
        part.type === 'interpolation'
          ? read(first(part))
          : { kind: 'literal', line: lineOf(part), value: text(part) },
      ),
    };
  };

  const object = (at: Node): Expression => {
    const properties: Property[] = [];
    const nested: Resource[] = [];
    for (const child of named(at)) {
      if (child.type !== 'object_property') continue;
      const [key, value] = named(child);
      if (key?.type === 'resource_declaration') nested.push(...readNested(key));
      else if (key !== undefined && value !== undefined) {
        const read1 = key.type === 'string' ? string(key) : undefined;
        const name =
          read1 === undefined ? key.text : read1.kind === 'literal' ? String(read1.value) : undefined;
        properties.push({
          name,
          key: name === undefined ? read1 : undefined,
          value: read(value),
          line: lineOf(key),
        });
      }
    }
    return { kind: 'object', line: lineOf(at), properties, nested };
  };

  const loop = (at: Node): Expression => {
    const children = named(at);
    const body = field(at, 'body');
    const head = children[0];
    const over = children[1];
    if (head === undefined || over === undefined) throw new Error(`line ${lineOf(at)}: a loop over nothing`);
    const names = head.type === 'for_loop_parameters' ? named(head).map((child) => child.text) : [head.text];
    const conditional = body.type === 'if_statement';
    const inner = conditional ? named(body)[1] : body;
    return {
      kind: 'loop',
      line: lineOf(at),
      item: names[0] ?? '',
      index: names[1],
      over: read(over),
      condition: conditional ? read(first(body)) : undefined,
      body: read(inner ?? body),
    };
  };

  const lambdaParameters = (at: Node): string[] =>
    at.type === 'parenthesized_expression' ? named(at).map((child) => child.text) : [at.text];

  const read = (at: Node): Expression => {
    const line = lineOf(at);
    switch (at.type) {
      case 'string':
        return string(at);
      case 'number':
        return { kind: 'literal', line, value: Number(at.text) };
      case 'boolean':
        return { kind: 'literal', line, value: at.text === 'true' };
      case 'null':
        return { kind: 'literal', line, value: null };
      case 'identifier':
      case 'primitive_type':
        return { kind: 'name', line, name: at.text };
      case 'object':
        return object(at);
      case 'array':
        return { kind: 'array', line, items: named(at).map(read) };
      case 'for_statement':
        return loop(at);
      case 'parenthesized_expression': {
        const inner = { ...read(first(at)) };
        grouped.add(inner);
        return inner;
      }
      case 'nullable_type':
        return { kind: 'notNull', line, value: read(first(at)) };
      case 'member_expression': {
        const property = field(at, 'property').text;
        const safe = at.children.some((child) => child?.type === '.?');
        const certain = at.children.some((child) => child?.type === '!');
        return postfix(read(field(at, 'object')), (object) => ({
          kind: 'member',
          line,
          object: certain ? { kind: 'notNull', line, value: object } : object,
          property,
          safe,
        }));
      }
      case 'subscript_expression': {
        const index = read(field(at, 'index'));
        return postfix(read(field(at, 'object')), (object) => ({ kind: 'index', line, object, index }));
      }
      case 'resource_expression': {
        const resource = field(at, 'resource').text;
        return postfix(read(field(at, 'object')), (object) => ({ kind: 'nested', line, object, resource }));
      }
      case 'call_expression': {
        const args = named(field(at, 'arguments')).map(read);
        return postfix(read(field(at, 'function')), (called) => ({
          kind: 'call',
          line,
          name: called.kind === 'name' ? called.name : called.kind === 'member' ? called.property : '?',
          args,
        }));
      }
      case 'lambda_expression': {
        const [head, body] = named(at);
        if (head === undefined || body === undefined) break;
        return { kind: 'lambda', line, parameters: lambdaParameters(head), body: read(body) };
      }
      case 'unary_expression':
        return {
          kind: 'operator',
          line,
          operator: field(at, 'operator').text,
          operands: [read(field(at, 'argument'))],
        };
      case 'binary_expression':
        return binary(line, field(at, 'operator').text, read(field(at, 'left')), read(field(at, 'right')));
      case 'ternary_expression':
        return {
          kind: 'ternary',
          line,
          condition: read(field(at, 'condition')),
          whenTrue: read(field(at, 'consequence')),
          whenFalse: read(field(at, 'alternative')),
        };
    }
    throw new Error(`line ${line}: no reading for ${at.type}`);
  };
  return read(node);
};

const unescaped = (sequence: string): string => {
  const code = /^\\u\{([0-9a-fA-F]+)\}$/.exec(sequence)?.[1];
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
  const plain: Record<string, string> = { '\\n': '\n', '\\r': '\r', '\\t': '\t' };
  return plain[sequence] ?? sequence.slice(1);
};
