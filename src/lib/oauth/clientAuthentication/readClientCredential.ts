import type { ClientCredential } from './clientCredential.ts';
import type { EntryContext } from './method.ts';
import { CREDENTIAL_MEMBERS, methodNamed } from './methods.ts';

/**
 * The client credential that a grant's entry names, for the method that its provider wants. A grant names what
 * that method needs and nothing else; all other is reported as a fault, and gives `undefined`.
 * @param entry the grant as the schema read it
 */
export const readClientCredential = (
  name: string,
  entry: Readonly<Record<string, unknown>>,
  context: EntryContext,
): ClientCredential | undefined => {
  const method = methodNamed(name);
  const wanted = Object.keys(method.members);
  const given = Object.keys(CREDENTIAL_MEMBERS).filter((member) => entry[member] !== undefined);
  const missing = wanted.filter((member) => !given.includes(member));
  const strange = given.filter((member) => !wanted.includes(member));
  if (missing.length === 0 && strange.length === 0) {
    const settings = Object.fromEntries(wanted.map((member) => [member, entry[member]]));
    const credential = method.credential(entry as never, context);
    return credential && { ...credential, settings };
  }
  if (wanted.length === 0)
    context.fault(
      '',
      strange.join(' and '),
      `no client credential: the provider wants ${name}, ${method.meaning}`,
    );
  else {
    const instead = (strange.length === 0 ? missing.map((member) => `no ${member}`) : strange).join(' and ');
    context.fault(
      '',
      instead,
      `${wanted.join(' and ')} alone: the provider wants ${name}, ${method.meaning}`,
    );
  }
  return undefined;
};
