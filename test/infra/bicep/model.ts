/** What the checks know of a Bicep file: its declarations and expressions, without layout. Lines count from 1. */

export type Expression = { line: number } & (
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'interpolated'; parts: Expression[] }
  | { kind: 'object'; properties: Property[]; nested: Resource[] }
  | { kind: 'array'; items: Expression[] }
  | { kind: 'name'; name: string }
  | { kind: 'member'; object: Expression; property: string; safe: boolean }
  | { kind: 'index'; object: Expression; index: Expression }
  | { kind: 'nested'; object: Expression; resource: string }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'operator'; operator: string; operands: Expression[] }
  | { kind: 'ternary'; condition: Expression; whenTrue: Expression; whenFalse: Expression }
  | { kind: 'lambda'; parameters: string[]; body: Expression }
  | { kind: 'notNull'; value: Expression }
  | {
      kind: 'loop';
      item: string;
      index: string | undefined;
      over: Expression;
      condition: Expression | undefined;
      body: Expression;
    }
);

/** `name` is undefined where the key is interpolated, and then `key` holds it. */
export interface Property {
  name: string | undefined;
  key: Expression | undefined;
  value: Expression;
  line: number;
}

/** A type as written: what a param, an output or a property of a user-defined type accepts. */
export type Shape =
  | { kind: 'any' }
  | { kind: 'string'; literals?: string[] }
  | { kind: 'int' }
  | { kind: 'bool' }
  | { kind: 'null' }
  | { kind: 'array'; item: Shape }
  | { kind: 'object'; properties?: Map<string, Shape> }
  | { kind: 'union'; of: Shape[] }
  | { kind: 'alias'; name: string };

export interface Decorator {
  name: string;
  args: Expression[];
  line: number;
}

interface Declared {
  name: string;
  line: number;
  decorators: Decorator[];
}

export interface Param extends Declared {
  shape: Shape;
  default: Expression | undefined;
}
export interface Variable extends Declared {
  value: Expression;
}
export interface TypeDeclaration extends Declared {
  shape: Shape;
  /** Decorators of each property of an object type, by property. */
  propertyDecorators: Map<string, Decorator[]>;
}
export interface Output extends Declared {
  shape: Shape;
  value: Expression;
}

/** The body of a resource or module: an object, maybe under a loop and a condition. */
interface Bodied extends Declared {
  loop: Extract<Expression, { kind: 'loop' }> | undefined;
  condition: Expression | undefined;
  body: Extract<Expression, { kind: 'object' }>;
}
export interface Resource extends Bodied {
  /** Full type for a top-level resource; the last segment for a nested one. */
  type: string;
  apiVersion: string | undefined;
  existing: boolean;
  /** The resource it is written inside of. */
  inside: Resource | undefined;
  /** The comment lines right above it. */
  comment: string;
}
export interface Module extends Bodied {
  path: string;
}

export interface Import {
  names: string[];
  from: string;
  line: number;
}

export interface BicepFile {
  path: string;
  targetScope: string;
  /** For a .bicepparam file: the template that it gives values to. */
  using: string | undefined;
  imports: Import[];
  params: Param[];
  variables: Variable[];
  types: TypeDeclaration[];
  /** Top-level and nested ones, in the order of the file. */
  resources: Resource[];
  modules: Module[];
  outputs: Output[];
}

export interface Fault {
  path: string;
  line: number;
  /** The name of the check that found it. */
  check: string;
  message: string;
}
