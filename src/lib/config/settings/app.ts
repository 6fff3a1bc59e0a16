import { readDeployment, UNNAMED_DEPLOYMENT } from '../../kernel/deployment.ts';
import { readBareOrigin, readBoolean, readText } from '../readers.ts';
import { setting } from './setting.ts';

/** What this app is, and where. */
export const APP_SETTINGS = {
  KEYWATCH_CONFIG_FILE: setting({
    meaning: 'Path of the config file, from the folder of host.json.',
    allowed: 'a path',
    defaultText: 'keywatch.config.json',
    read: readText,
  }),
  KEYWATCH_DEPLOYMENT: setting({
    meaning:
      'Id of this deployment, on every event and on the tokens that it writes, where there is no site whose name says it. In Azure it is the name of the site.',
    allowed: 'up to 60 letters, digits and dashes',
    defaultText: UNNAMED_DEPLOYMENT,
    read: readDeployment,
  }),
  KEYWATCH_PUBLIC_URL: setting({
    meaning:
      'Where browsers find this app: redirects and links are made of it, and never of what a request says. Absent: nobody can sign in or reconnect there.',
    allowed: 'an https origin like https://APP.azurewebsites.net; in local mode also http on this machine',
    read: readBareOrigin,
  }),
  KEYWATCH_LOCAL: setting({
    meaning: 'Local mode: stand-ins on this machine are accepted, over http. Refused in Azure.',
    allowed: '"true" or "false"',
    defaultText: 'false',
    read: readBoolean,
  }),
};
