import type { BicepFile, Decorator, Fault, Shape } from './model.ts';

/** What a reader of a template is owed: every param, output and type says what it is, in words. */
export const checkDecorators = (file: BicepFile): Fault[] => {
  if (file.using !== undefined) return [];
  const faults: Fault[] = [];
  const add = (line: number, message: string) =>
    faults.push({ path: file.path, line, check: 'decorator', message });
  const described = (name: string, line: number, decorators: Decorator[]) => {
    const text = decorators.find((decorator) => decorator.name === 'description')?.args[0];
    if (text?.kind !== 'literal' || String(text.value).trim().length < 5)
      add(line, `${name} has no @description`);
  };
  for (const { name, line, decorators } of [...file.params, ...file.outputs, ...file.types])
    described(name, line, decorators);
  for (const type of file.types) {
    for (const [name, decorators] of type.propertyDecorators)
      described(`${type.name}.${name}`, type.line, decorators);
    // Without it a misspelt optional property of a user is accepted and does nothing.
    if (type.shape.kind === 'object' && !type.decorators.some(({ name }) => name === 'sealed'))
      add(type.line, `${type.name} is not @sealed`);
  }
  for (const { name, line, decorators, shape, default: value } of file.params) {
    for (const decorator of decorators) {
      const kinds = appliesTo[decorator.name];
      if (kinds === undefined) add(decorator.line, `no decorator @${decorator.name}`);
      else if (!kinds.includes('any') && !kinds.includes(kindOf(shape)))
        add(decorator.line, `@${decorator.name} does not apply to ${name}, a ${kindOf(shape)}`);
    }
    const allowed = decorators.find((decorator) => decorator.name === 'allowed')?.args[0];
    if (allowed?.kind === 'array' && value?.kind === 'literal') {
      const values = allowed.items.map((item) => (item.kind === 'literal' ? item.value : undefined));
      if (!values.includes(value.value))
        add(line, `the default of ${name}, ${value.value}, is not among its @allowed`);
    }
    const secret = decorators.some((decorator) => decorator.name === 'secure');
    const harmless = value === undefined || (value.kind === 'object' && value.properties.length === 0);
    if (secret && !harmless) add(line, `${name} is @secure and has a default`);
  }
  return faults;
};

const appliesTo: Record<string, (Shape['kind'] | 'any')[]> = {
  description: ['any'],
  metadata: ['any'],
  allowed: ['any'],
  secure: ['string', 'object'],
  minLength: ['string', 'array'],
  maxLength: ['string', 'array'],
  minValue: ['int'],
  maxValue: ['int'],
};

const kindOf = (shape: Shape): Shape['kind'] => shape.kind;
