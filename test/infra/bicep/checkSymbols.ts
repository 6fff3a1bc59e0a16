import { functionResults } from './functions.ts';
import { inference } from './infer.ts';
import type { BicepFile, Fault, Shape } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { OfficialTypes } from './officialTypes.ts';
import { fileAt, type Project, resolvePath } from './project.ts';
import { rootExpressions, walk } from './walk.ts';
import { walkInScope } from './walkInScope.ts';

/**
 * Every name that an expression uses is declared, every declaration is used, every property that is read exists,
 * and every function is known.
 */
export const checkSymbols = (
  project: Project,
  file: BicepFile,
  types: OfficialTypes | undefined,
): Fault[] => {
  const faults: Fault[] = [];
  const add = (line: number, message: string) =>
    faults.push({ path: file.path, line, check: 'symbol', message });
  const used = new Set<string>();
  const declared = new Map<string, number>();
  const everything = [...file.params, ...file.variables, ...file.resources, ...file.modules];
  for (const { name, line } of everything) {
    if (declared.has(name)) add(line, `${name} is declared twice`);
    declared.set(name, line);
  }
  const isVariable = (from: string, name: string): boolean =>
    fileAt(project, resolvePath(file.path, from))?.variables.some((one) => one.name === name) === true;
  for (const { names, from, line } of file.imports)
    for (const name of names) if (isVariable(from, name)) declared.set(name, line);
  for (const root of rootExpressions(file))
    walk(root, (expression, local) => {
      if (expression.kind === 'name' && !local.has(expression.name)) {
        used.add(expression.name);
        if (!declared.has(expression.name) && expression.name !== 'sys' && expression.name !== 'az')
          add(
            expression.line,
            `nothing is named '${expression.name}'${didYouMean(expression.name, declared.keys())}`,
          );
      }
      if (expression.kind === 'call' && !(expression.name in functionResults))
        add(
          expression.line,
          `no function ${expression.name}${didYouMean(expression.name, Object.keys(functionResults))}`,
        );
      if (expression.kind === 'nested') {
        used.add(expression.resource);
        if (!file.resources.some(({ name, inside }) => inside !== undefined && name === expression.resource))
          add(expression.line, `no nested resource '${expression.resource}'`);
      }
    });
  if (file.using === undefined) {
    const isExported = (name: string): boolean =>
      project.files.some((other) =>
        other.imports.some(
          ({ names, from }) => names.includes(name) && resolvePath(other.path, from) === file.path,
        ),
      );
    for (const { name, line } of [...file.params, ...file.variables])
      if (!used.has(name) && !isExported(name)) add(line, `'${name}' is never used`);
    for (const resource of file.resources)
      if (resource.existing && !used.has(resource.name) && !hasChildren(file, resource.name))
        add(resource.line, `the existing resource '${resource.name}' is never used`);
  }
  checkTypes(project, file, add, used);
  checkReads(project, file, types, add);
  return faults;
};

type Add = (line: number, message: string) => void;

const hasChildren = (file: BicepFile, name: string): boolean =>
  file.resources.some(({ inside }) => inside?.name === name);

/** Type names that params and outputs use exist, and imports lead somewhere and are used. */
const checkTypes = (project: Project, file: BicepFile, add: Add, usedValues: ReadonlySet<string>): void => {
  const aliases = (shape: Shape): string[] => {
    if (shape.kind === 'alias') return [shape.name];
    if (shape.kind === 'array') return aliases(shape.item);
    if (shape.kind === 'union') return shape.of.flatMap(aliases);
    return shape.kind === 'object' ? [...(shape.properties?.values() ?? [])].flatMap(aliases) : [];
  };
  const known = new Set(file.types.map(({ name }) => name));
  const used = new Set<string>();
  for (const statement of file.imports) {
    const source = fileAt(project, resolvePath(file.path, statement.from));
    if (source === undefined) add(statement.line, `${statement.from} is no readable file`);
    for (const name of statement.names) {
      const type = source?.types.find((candidate) => candidate.name === name);
      const isVariable = source?.variables.some((variable) => variable.name === name);
      if (
        source !== undefined &&
        isVariable !== true &&
        !type?.decorators.some((decorator) => decorator.name === 'export')
      )
        add(statement.line, `${statement.from} exports no ${name}`);
      known.add(name);
    }
  }
  for (const { shape, line } of [...file.params, ...file.outputs, ...file.types])
    for (const name of aliases(shape)) {
      used.add(name);
      if (!known.has(name)) add(line, `no type ${name}${didYouMean(name, known)}`);
    }
  for (const statement of file.imports)
    for (const name of statement.names)
      if (!used.has(name) && !usedValues.has(name))
        add(statement.line, `the imported type '${name}' is never used`);
};

const checkReads = (project: Project, file: BicepFile, types: OfficialTypes | undefined, add: Add): void => {
  const complained = new Set<string>();
  const names = inference(project, file, types, (line, message) => {
    if (!complained.has(`${line} ${message}`)) add(line, message);
    complained.add(`${line} ${message}`);
  });
  walkInScope(file, names, (expression, scope) => {
    if (expression.kind === 'member') names.infer(expression, scope);
  });
};
