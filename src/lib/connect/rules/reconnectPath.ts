/** Of a grant, where a person with the role begins its consent anew. */
export const reconnectPath = (grantId: string): string => `/api/grants/${grantId}/reconnect`;
