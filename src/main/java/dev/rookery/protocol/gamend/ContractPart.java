package dev.rookery.protocol.gamend;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.contract.Path;
import io.vertx.openapi.contract.RequestBody;
import io.vertx.openapi.contract.Response;
import io.vertx.openapi.contract.SecurityRequirement;
import io.vertx.openapi.contract.SecurityScheme;
import io.vertx.openapi.contract.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Some operations of the API document, as the builder of a router reads them: it asks for the
 * paths, and for the method and the id of each operation. There are no schemas, because {@link
 * Input} validates the fields.
 *
 * <p>Not {@link OpenAPIContract#from}, which validates a document each time that it reads one: a
 * tenth of the processor time in which a node starts. A test validates it instead.
 */
record ContractPart(List<Path> paths) implements OpenAPIContract {
  /**
   * The order in which paths are compared with that of a request: those without parameters first,
   * and of the others those in which a parameter comes later.
   */
  private static final Comparator<String> MOUNT_ORDER =
      Comparator.comparing((String path) -> path.contains(":"))
          .thenComparing(path -> path.replaceAll(":\\w+", "{}"))
          .thenComparing(Comparator.naturalOrder());

  ContractPart {
    paths = List.copyOf(paths);
  }

  static ContractPart of(List<Operation> operations) {
    var paths = new TreeMap<String, List<io.vertx.openapi.contract.Operation>>(MOUNT_ORDER);
    for (Operation operation : operations) {
      paths
          .computeIfAbsent(operation.path(), _ -> new ArrayList<>())
          .add(new RoutedOperation(operation.id(), operation.method(), operation.path()));
    }
    return new ContractPart(
        paths.entrySet().stream()
            .<Path>map(path -> new RoutedPath(path.getKey(), path.getValue()))
            .toList());
  }

  @Override
  public List<Path> getPaths() {
    return paths;
  }

  @Override
  public List<io.vertx.openapi.contract.Operation> operations() {
    return paths.stream().flatMap(path -> path.getOperations().stream()).toList();
  }

  @Override
  public io.vertx.openapi.contract.@Nullable Operation operation(String operationId) {
    return operations().stream()
        .filter(operation -> operation.getOperationId().equals(operationId))
        .findFirst()
        .orElse(null);
  }

  @Override
  public JsonObject getRawContract() {
    throw new UnsupportedOperationException();
  }

  @Override
  public OpenAPIVersion getVersion() {
    return OpenAPIVersion.V3_0;
  }

  @Override
  public SchemaRepository getSchemaRepository() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Server> getServers() {
    return List.of();
  }

  @Override
  public Path findPath(String urlPath) {
    throw new UnsupportedOperationException();
  }

  @Override
  public io.vertx.openapi.contract.Operation findOperation(String urlPath, HttpMethod method) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SecurityRequirement> getSecurityRequirements() {
    return List.of();
  }

  @Override
  public SecurityScheme securityScheme(String name) {
    throw new UnsupportedOperationException();
  }

  /** A path with its operations. */
  private record RoutedPath(String name, List<io.vertx.openapi.contract.Operation> operations)
      implements Path {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public List<io.vertx.openapi.contract.Operation> getOperations() {
      return operations;
    }

    @Override
    public List<Parameter> getParameters() {
      return List.of();
    }

    @Override
    public JsonObject getOpenAPIModel() {
      return new JsonObject();
    }
  }

  /** An operation, found by its method and path. */
  private record RoutedOperation(String id, HttpMethod method, String path)
      implements io.vertx.openapi.contract.Operation {
    @Override
    public String getOperationId() {
      return id;
    }

    @Override
    public HttpMethod getHttpMethod() {
      return method;
    }

    @Override
    public String getOpenAPIPath() {
      return path;
    }

    @Override
    public String getAbsoluteOpenAPIPath() {
      return path;
    }

    @Override
    public List<String> getTags() {
      return List.of();
    }

    @Override
    public List<Parameter> getParameters() {
      return List.of();
    }

    @Override
    public @Nullable RequestBody getRequestBody() {
      return null;
    }

    @Override
    public @Nullable Response getDefaultResponse() {
      return null;
    }

    @Override
    public @Nullable Response getResponse(int status) {
      return null;
    }

    @Override
    public List<SecurityRequirement> getSecurityRequirements() {
      return List.of();
    }

    @Override
    public JsonObject getOpenAPIModel() {
      return new JsonObject();
    }
  }
}
