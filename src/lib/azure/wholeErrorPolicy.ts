import { type PipelinePolicy, RestError } from '@azure/core-rest-pipeline';

/**
 * Turns an answer of 400 and above into an error that still holds its body. The SDK's own error for
 * a page loses it, and with it the inner code that tells a missing role from a firewall.
 */
export const wholeErrorPolicy: PipelinePolicy = {
  name: 'keywatchWholeErrorPolicy',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status < 400) return response;
    const { status: statusCode } = response;
    throw new RestError(`HTTP ${statusCode}`, { statusCode, request, response });
  },
};
