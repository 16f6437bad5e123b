SwaggerUIBundle({
  url: "/api/openapi",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "list",
  // The default sends the document to a validator on another host.
  validatorUrl: null,
  persistAuthorization: false,
});
