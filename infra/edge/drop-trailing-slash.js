/**
 * CloudFront function (viewer request, runtime 2.0): drops the slash at the end of a path. Routes of an HTTP API
 * cannot end in one, and whether `/users/` finds `/users` or `/users/{proxy+}` is not documented.
 */
function handler(event) {
  var request = event.request;
  if (request.uri.length > 1) request.uri = request.uri.replace(/\/+$/, '') || '/';
  return request;
}
