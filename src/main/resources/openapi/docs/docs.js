SwaggerUIBundle({
  url: "/api/openapi",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "list",
  // Would show the document to a checker elsewhere.
  validatorUrl: null,
  persistAuthorization: false,
});
