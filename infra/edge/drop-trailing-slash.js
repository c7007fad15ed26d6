/**
 * CloudFront function (viewer request, runtime 2.0): drops the slashes at the end of a path. Routes of an HTTP API
 * cannot end in one, and whether `/users/` finds `/users` or `/users/{proxy+}` is not documented.
 */
function handler(event) {
  nameViewer(event);
  var request = event.request;
  var end = request.uri.length;
  while (end > 1 && request.uri[end - 1] === '/') end -= 1;
  request.uri = request.uri.slice(0, end);
  return request;
}
