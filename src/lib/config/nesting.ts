/** Far more than a config file can use; what reads JSON recursively gives up at some thousands. */
export const MOST_LEVELS = 100;

/** Whether objects and lists of a JSON text, sound or not, lie in one another more than {@link MOST_LEVELS} deep. */
export const isNestedTooDeep = (json: string): boolean => {
  let levels = 0;
  let isText = false;
  for (let at = 0; at < json.length && levels <= MOST_LEVELS; at += 1) {
    const character = json[at];
    if (isText && character === '\\') at += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && (character === '{' || character === '[')) levels += 1;
    else if (!isText && (character === '}' || character === ']')) levels -= 1;
  }
  return levels > MOST_LEVELS;
};
