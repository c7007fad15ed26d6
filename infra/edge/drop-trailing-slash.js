/**
 * CloudFront function (viewer request, runtime 2.0): removes the slashes at the end of a path. Routes of an HTTP API
 * cannot end in a slash, and AWS does not document whether `/users/` matches `/users` or `/users/{proxy+}`.
 */
function handler(event) {
  setViewerAddress(event);
  var request = event.request;
  var end = request.uri.length;
  while (end > 1 && request.uri[end - 1] === '/') end -= 1;
  request.uri = request.uri.slice(0, end);
  return request;
}
