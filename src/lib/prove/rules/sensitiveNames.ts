/** Names of claims that tell what nobody but the resource should know. Compared without case and separators. */
const SENSITIVE =
  /^(?:.*(?:password|passwd|passphrase|secret|privatekey|apikey|connectionstring|creditcard|cardnumber|socialsecurity|nationalid|passportnumber|dateofbirth|taxid|bankaccount|medical|diagnosis|salary)|pwd|pin|ssn|dob|cvv|iban|birthdate|phonenumber|address|refreshtoken|accesstoken)/;

const DEEPEST = 4;
const MOST_LOOKED_AT = 1_000;

/** The names of claims, also of those inside others, that sound sensitive; never a value. */
export const sensitiveNames = (claims: Readonly<Record<string, unknown>>): readonly string[] => {
  const found = new Set<string>();
  let left = MOST_LOOKED_AT;
  const look = (value: unknown, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    for (const [name, inner] of Object.entries(value)) {
      left -= 1;
      if (left < 0) return;
      const isItem = Array.isArray(value);
      const place = isItem ? path : path === '' ? name : `${path}.${name}`;
      if (!isItem && SENSITIVE.test(name.toLowerCase().replace(/[_\- .:/]/g, ''))) found.add(place);
      else look(inner, place, depth + 1);
    }
  };
  look(claims, '', 1);
  return [...found];
};
