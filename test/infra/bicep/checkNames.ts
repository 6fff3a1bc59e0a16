import type { BicepFile, Fault } from './model.ts';
import { rootExpressions, walk } from './walk.ts';

type Named = { name: string; line: number };

/**
 * BCP025, BCP028, BCP084, BCP145, BCP353: no name twice in one file or object, none that the compiler keeps for itself,
 * and none that differs from another by the case of its letters only, which the service cannot tell apart.
 */
export const checkNames = (file: BicepFile): Fault[] => {
  const faults: Fault[] = [];
  const add = (line: number, message: string) =>
    faults.push({ path: file.path, line, check: 'symbol', message });
  const imported = file.imports.flatMap(({ names, line }) => names.map((name) => ({ name, line })));
  const repeated = (named: readonly Named[], key: (name: string) => string): Named[] =>
    named.filter(({ name }, i) => named.findIndex((other) => key(other.name) === key(name)) < i);
  const types = [...imported, ...file.types];
  const valued = [...file.params, ...file.variables, ...file.resources, ...file.modules];

  for (const { name, line } of [...repeated(types, String), ...repeated(file.outputs, String)])
    add(line, `${name} is declared twice`);
  for (const { name, line } of types)
    if (valued.some((other) => other.name === name)) add(line, `${name} is declared twice`);
  for (const { name, line } of [...valued, ...types])
    if (name === 'sys' || name === 'az') add(line, `BCP084: the name ${name} is reserved`);
  for (const group of [file.params, file.variables, file.outputs, types])
    for (const { name, line } of repeated(group, (each) => each.toLowerCase()))
      if (group.filter((other) => other.name === name).length === 1)
        add(line, `BCP353: ${name} differs from another name only in case`);
  for (const root of rootExpressions(file))
    walk(root, (expression) => {
      if (expression.kind !== 'object') return;
      const properties = expression.properties.flatMap(({ name, line }) =>
        name === undefined ? [] : [{ name, line }],
      );
      for (const { name, line } of repeated(properties, String))
        add(line, `BCP025: the property ${name} is given twice`);
    });
  return faults;
};
