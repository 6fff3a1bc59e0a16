import type { Node } from 'web-tree-sitter';
import type { BicepFile, Decorator, Resource } from './model.ts';
import { readExpression } from './readExpression.ts';
import { readShape } from './readShape.ts';

/** Reads the declarations of one file from its syntax tree; the tree must be free of errors. */
export const readBicep = (path: string, root: Node): BicepFile => {
  const file: BicepFile = {
    path,
    targetScope: 'resourceGroup',
    using: undefined,
    imports: [],
    params: [],
    variables: [],
    types: [],
    resources: [],
    modules: [],
    outputs: [],
  };
  let decorators: Decorator[] = [];
  let comment: string[] = [];
  for (const node of root.namedChildren) {
    if (node === null) continue;
    if (node.type === 'comment') {
      comment.push(node.text.replace(/^\/\/\s?|^\/\*\s?|\s?\*\/$/g, ''));
      continue;
    }
    if (node.type.endsWith('comment')) continue;
    if (node.type === 'decorators') {
      decorators = readDecorators(node);
      continue;
    }
    readDeclaration(file, node, decorators, comment.join('\n'));
    decorators = [];
    comment = [];
  }
  return file;
};

const children = (node: Node): Node[] =>
  node.namedChildren.filter((child): child is Node => child !== null && !child.type.endsWith('comment'));

export const readDecorators = (node: Node): Decorator[] =>
  children(node).map((decorator) => {
    const call = readExpression(decorator.namedChildren[0] ?? decorator, () => []);
    if (call.kind !== 'call') throw new Error(`line ${call.line}: a decorator is a call`);
    return { name: call.name, args: call.args, line: call.line };
  });

const readDeclaration = (file: BicepFile, node: Node, decorators: Decorator[], comment: string): void => {
  const parts = children(node);
  const line = node.startPosition.row + 1;
  const [head, second, third] = parts;
  const text = (at: Node | undefined) => (at === undefined ? '' : at.text.replace(/^'|'$/g, ''));
  const declared = { name: text(head), line, decorators };
  const read = (at: Node | undefined) => readExpression(at ?? node, () => []);
  switch (node.type) {
    case 'target_scope_assignment':
      file.targetScope = text(head);
      return;
    case 'using_statement':
      file.using = text(head);
      return;
    case 'import_functionality':
      file.imports.push({ names: parts.slice(0, -1).map(text), from: text(parts.at(-1)), line });
      return;
    case 'parameter_declaration':
      file.params.push({
        ...declared,
        shape: readShape(second),
        default: third === undefined ? undefined : read(third),
      });
      return;
    case 'variable_declaration':
      file.variables.push({ ...declared, value: read(second) });
      return;
    case 'type_declaration':
      file.types.push({
        ...declared,
        shape: readShape(second),
        propertyDecorators: decoratedProperties(second),
      });
      return;
    case 'output_declaration':
      file.outputs.push({ ...declared, shape: readShape(second), value: read(third) });
      return;
    case 'resource_declaration':
      file.resources.push(...readResources(node, decorators, comment, undefined));
      return;
    case 'module_declaration':
      file.modules.push({ ...declared, path: text(second), ...readBody(third ?? node, () => []) });
      return;
    case 'metadata_declaration':
      return;
  }
  throw new Error(`${file.path}:${line}: no reading for ${node.type}`);
};

const decoratedProperties = (node: Node | undefined): Map<string, Decorator[]> => {
  const found = new Map<string, Decorator[]>();
  if (node?.type !== 'object') return found;
  let decorators: Decorator[] = [];
  for (const child of children(node)) {
    if (child.type === 'decorators') decorators = readDecorators(child);
    else {
      found.set(child.namedChildren[0]?.text ?? '', decorators);
      decorators = [];
    }
  }
  return found;
};

const readResources = (
  node: Node,
  decorators: Decorator[],
  comment: string,
  inside: Resource | undefined,
): Resource[] => {
  const [name, type, body] = children(node);
  const [fullType, apiVersion] = (type?.text.replace(/^'|'$/g, '') ?? '').split('@');
  const resource: Resource = {
    name: name?.text ?? '',
    line: node.startPosition.row + 1,
    decorators,
    comment,
    type: fullType ?? '',
    apiVersion,
    existing: node.children.some((child) => child?.type === 'existing'),
    inside,
    loop: undefined,
    condition: undefined,
    body: { kind: 'object', line: 0, properties: [], nested: [] },
  };
  Object.assign(
    resource,
    readBody(body ?? node, (nested) => readResources(nested, [], '', resource)),
  );
  return [resource, ...resource.body.nested];
};

const readBody = (
  node: Node,
  readNested: (node: Node) => Resource[],
): Pick<Resource, 'loop' | 'condition' | 'body'> => {
  if (node.type === 'if_statement') {
    const [condition, object] = children(node);
    const body = readExpression(object ?? node, readNested);
    if (body.kind !== 'object') throw new Error(`line ${body.line}: a body is an object`);
    return { loop: undefined, condition: readExpression(condition ?? node, () => []), body };
  }
  const read = readExpression(node, readNested);
  if (read.kind === 'object') return { loop: undefined, condition: undefined, body: read };
  if (read.kind === 'loop' && read.body.kind === 'object')
    return { loop: read, condition: read.condition, body: read.body };
  throw new Error(`line ${read.line}: a body is an object`);
};
