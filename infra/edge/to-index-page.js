/**
 * CloudFront function (viewer request, runtime 2.0): names the file for the root. The distribution's own default root object
 * would also apply to the behaviors of the APIs.
 */
function handler(event) {
  event.request.uri = '/index.html';
  return event.request;
}
