import { ROOT } from './infraTexts.ts';
import { findTypesFolder, loadOfficialTypes } from './officialTypes.ts';

const folder = findTypesFolder(ROOT, process.env['BICEP_TYPES']);
if (folder === undefined)
  console.warn(
    'The check against the official Bicep types is skipped: there is no ../shared/bicep-types and BICEP_TYPES is not set.',
  );

/** The official definitions; undefined where there are none, and then the checks that need them are skipped. */
export const officialTypes = folder === undefined ? undefined : loadOfficialTypes(folder);
