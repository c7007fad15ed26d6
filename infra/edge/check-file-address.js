/**
 * CloudFront function (viewer request, runtime 2.0): passes on requests for files whose address is signed and has not ended,
 * as `shared/lambda/file-addresses.ts` signs them, and refuses all others with 403. Profile pictures have an address that
 * stays, and that cannot be guessed. The deployment puts the keys in place of the name in double braces: the current one,
 * and after a comma the previous one.
 */
var crypto = require('crypto');

var keys = '{{fileKeys}}'.split(',');
var filePath = /^\/files\/([0-9a-f-]{36})\/([A-Za-z0-9_-]{22})\/(original|1280|320|96)$/;
var picturePath = /^\/files(\/pictures\/[0-9a-f-]{36}\/[A-Za-z0-9_-]{22}\/(320|96))$/;

function handler(event) {
  var request = event.request;
  var picture = picturePath.exec(request.uri);
  var file = filePath.exec(request.uri);
  if (picture) request.uri = picture[1];
  else if (!file || !isSigned(file[1] + '/' + file[2], request.querystring)) return refusal;
  request.querystring = {};
  return request;
}

var refusal = {
  statusCode: 403,
  statusDescription: 'Forbidden',
  headers: { 'cache-control': { value: 'no-store' }, 'content-type': { value: 'text/plain' } },
};

function isSigned(place, query) {
  var until = query.until ? query.until.value : '';
  var signature = query.signature ? query.signature.value : '';
  if (!/^\d{1,12}$/.test(until) || Number(until) * 1000 <= Date.now()) return false;
  return keys.some(function (key) {
    var expected = crypto
      .createHmac('sha256', key)
      .update(place + '/' + Number(until))
      .digest('base64url');
    return isSame(expected, signature);
  });
}

/** Takes the same time wherever the texts differ. */
function isSame(one, other) {
  if (one.length !== other.length) return false;
  var difference = 0;
  for (var index = 0; index < one.length; index += 1)
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}
