import { describe, expect, it } from 'vitest';
import { checkProject, formatFault } from './bicep/checkProject.ts';
import { fixture } from './bicep/fixture.ts';
import { functionResults } from './bicep/functions.ts';
import { officialTypes } from './bicep/givenTypes.ts';
import { compilerFaults } from './bicep/plantedCompilerFaults.ts';
import { MAIN, type Planted, plainFaults } from './bicep/plantedFaults.ts';
import { typedFaults } from './bicep/plantedTypeFaults.ts';
import { signatures } from './bicep/signatures.ts';

const plant = ({ from, to, file = MAIN }: Planted): Map<string, string> => {
  const texts = fixture();
  const text = texts.get(file) ?? '';
  expect(text, `the fixture no longer holds ${from}`).toContain(from);
  return texts.set(
    file,
    text.replace(from, () => to),
  );
};

describe('the Bicep checker', () => {
  it('finds nothing in a project without faults', () => {
    expect(checkProject(fixture(), officialTypes).map(formatFault)).toEqual([]);
  });

  it('finds nothing more in it without the official types', () => {
    expect(checkProject(fixture(), undefined).map(formatFault)).toEqual([]);
  });

  it.each([...plainFaults, ...compilerFaults])('finds $fault', (planted) => {
    const faults = checkProject(plant(planted), undefined).map(formatFault);
    expect(faults.join('\n')).toMatch(planted.found);
  });

  it('knows what each function takes and what it yields', () => {
    expect(Object.keys(signatures).sort()).toEqual(Object.keys(functionResults).sort());
  });

  it.skipIf(officialTypes === undefined).each(typedFaults)(
    'finds $fault by the official types',
    (planted) => {
      const faults = checkProject(plant(planted), officialTypes).map(formatFault);
      expect(faults.join('\n')).toMatch(planted.found);
    },
  );
});
