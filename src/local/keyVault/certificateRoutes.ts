import { bundleOf } from './bundles.ts';
import { type Answer, type Call, ok, type Route, type RouteParameters, route } from './call.ts';
import { listingRoutes, versionOf } from './collectionRoutes.ts';
import { type CertificatePolicy, currentVersion } from './storedObject.ts';

const get = (call: Call, parameters: RouteParameters): Answer => {
  const { object, found } = versionOf(call, 'certificates', parameters);
  return ok(bundleOf(call.baseUrl, object.name, found));
};

/** Of an imported certificate about which nobody said anything. */
const MAIL_ONLY: CertificatePolicy = {
  issuer: { name: 'Unknown' },
  lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'EmailContacts' } }],
};

const getPolicy = ({ store, baseUrl }: Call, { name }: RouteParameters): Answer => {
  const { material } = currentVersion(store.live('certificates', name));
  const policy = (material.type === 'certificate' && material.policy) || MAIL_ONLY;
  return ok({ id: `${baseUrl}/certificates/${name}/policy`, ...policy });
};

export const certificateRoutes: readonly Route[] = [
  ...listingRoutes('certificates'),
  route('GET', '/certificates/:name/policy', 'certificates/read', getPolicy),
  route('GET', '/certificates/:name/:version?', 'certificates/read', get),
];
