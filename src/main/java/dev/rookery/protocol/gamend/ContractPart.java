package dev.rookery.protocol.gamend;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Path;
import io.vertx.openapi.contract.SecurityRequirement;
import io.vertx.openapi.contract.SecurityScheme;
import io.vertx.openapi.contract.Server;
import java.util.List;

/**
 * Some paths of an API document, for a router of their own. Loading a document of its own for each
 * part would validate its schemas again, which takes more than a second for all parts.
 */
record ContractPart(OpenAPIContract whole, List<Path> paths) implements OpenAPIContract {
  ContractPart {
    paths = List.copyOf(paths);
  }

  @Override
  public List<Path> getPaths() {
    return paths;
  }

  @Override
  public List<Operation> operations() {
    return paths.stream().flatMap(path -> path.getOperations().stream()).toList();
  }

  @Override
  public Operation operation(String operationId) {
    return whole.operation(operationId);
  }

  @Override
  public JsonObject getRawContract() {
    return whole.getRawContract();
  }

  @Override
  public OpenAPIVersion getVersion() {
    return whole.getVersion();
  }

  @Override
  public SchemaRepository getSchemaRepository() {
    return whole.getSchemaRepository();
  }

  @Override
  public List<Server> getServers() {
    return whole.getServers();
  }

  @Override
  public Path findPath(String urlPath) {
    return whole.findPath(urlPath);
  }

  @Override
  public Operation findOperation(String urlPath, HttpMethod method) {
    return whole.findOperation(urlPath, method);
  }

  @Override
  public List<SecurityRequirement> getSecurityRequirements() {
    return whole.getSecurityRequirements();
  }

  @Override
  public SecurityScheme securityScheme(String name) {
    return whole.securityScheme(name);
  }
}
