import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';
import type { Fault } from './model.ts';

const resolve = createRequire(import.meta.url).resolve;
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));

/**
 * Hands the syntax tree of one .bicep or .bicepparam text to `use`, and frees it afterwards.
 *
 * The grammar wants a type after every `param`, which a .bicepparam file does not have: there the word is
 * read as `var` (same length, so that lines and columns stay right).
 */
export const parseBicep = <T>(path: string, text: string, use: (root: Node) => T): T => {
  const source = path.endsWith('.bicepparam') ? text.replace(/^param(?=\s)/gm, 'var  ') : text;
  const tree = parser.parse(source);
  if (tree === null) throw new Error(`${path}: the parser gave up`);
  try {
    return use(tree.rootNode);
  } finally {
    tree.delete();
  }
};

/** Every place the grammar could not read, and what it accepts although the compiler does not. */
export const syntaxFaults = (path: string, root: Node): Fault[] => {
  const faults: Fault[] = [];
  const add = (node: Node, message: string) =>
    faults.push({ path, line: node.startPosition.row + 1, check: 'syntax', message });
  const visit = (node: Node) => {
    if (node.isError) add(node, `cannot be read: ${node.text.split('\n')[0]?.slice(0, 60)}`);
    if (node.isMissing) add(node, `something is missing here (${node.type})`);
    if (node.type === 'object' || node.type === 'array') separated(node, add);
    if (node.type === 'infrastructure') onOwnLines(node, add);
    if (node.type === 'for_statement') loopPlace(node, add);
    if (node.type === 'binary_expression') operatorLine(node, add);
    if (node.type === 'string') escapes(node, add);
    for (const child of node.children) if (child !== null) visit(child);
  };
  visit(root);
  return faults;
};

type Add = (node: Node, message: string) => void;

/** The grammar lets two items share a line with nothing between them; the compiler wants a comma or a new line. */
const separated = (node: Node, add: Add) => {
  let last: Node | undefined;
  let comma = false;
  for (const child of node.children) {
    if (
      child === null ||
      child.type === '{' ||
      child.type === '}' ||
      child.type === '[' ||
      child.type === ']'
    )
      continue;
    if (child.type === ',') {
      comma = true;
      continue;
    }
    if (child.type.endsWith('comment')) continue;
    if (last !== undefined && comma && child.startPosition.row !== last.endPosition.row)
      add(child, 'BCP238: a new line after a comma');
    if (last !== undefined && !comma && child.startPosition.row === last.endPosition.row)
      add(child, 'a comma or a new line is missing before this item');
    last = child;
    comma = false;
  }
};

const onOwnLines = (node: Node, add: Add) => {
  let last: Node | undefined;
  for (const child of node.namedChildren) {
    if (child === null || child.type.endsWith('comment')) continue;
    if (last !== undefined && child.startPosition.row === last.endPosition.row)
      add(child, 'a declaration starts on its own line');
    last = child;
  }
};

/** BCP138: a loop is the value of a declaration or of a property, never an item or an argument. */
const loopPlace = (node: Node, add: Add) => {
  const parent = node.parent?.type ?? '';
  const allowed = /^(resource|module|variable|output)_declaration$|^object_property$/;
  if (!allowed.test(parent))
    add(node, 'a loop may not stand here: only as the value of a declaration or property');
  for (let above = node.parent; above !== null; above = above.parent)
    if (above.type === 'array' || above.type === 'arguments')
      return add(node, 'a loop may not stand inside an array or an argument: use map()');
};

/** BCP006: the grammar lets a backslash stand before anything. */
const escapes = (node: Node, add: Add) => {
  if (node.text.startsWith("'''")) return;
  const rest = node.text.replace(/\\(?:[nrt'$\\]|u\{[0-9a-fA-F]{1,6}\})/g, '');
  if (rest.includes('\\')) add(node, 'BCP006: no such escape sequence');
};

const operatorLine = (node: Node, add: Add) => {
  const operator = node.childForFieldName('operator');
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  if (operator === null || left === null || right === null) return;
  if (
    left.endPosition.row !== operator.startPosition.row ||
    operator.startPosition.row !== right.startPosition.row
  )
    add(node, `the operands of ${operator.text} stand on one line with it`);
};
