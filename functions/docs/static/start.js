/** Starts Swagger UI. A file of its own, since the page does not allow inline scripts. */
/* global SwaggerUIBundle */
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const applyColorScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', applyColorScheme);
applyColorScheme();

const ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  // By default, Swagger UI sends the document to an external validator.
  validatorUrl: null,
  responseInterceptor: (response) => {
    // After a sign-in on this page the token need not be copied into the Authorize dialog.
    const returnsTokens = /\/users\/(auth\/login|token\/refresh)\/?$/.test(response.url);
    if (returnsTokens && response.ok) {
      ui.preauthorizeApiKey('bearerAuth', response.body.access);
      ui.authActions.persistAuthorizationIfNeeded();
    }
    return response;
  },
});
