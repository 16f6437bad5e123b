package dev.rookery.protocol.gamend;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.storage.KeySchema;
import dev.rookery.storage.SchemaCommand;
import dev.rookery.storage.SchemaCommand.UnfitObject;
import dev.rookery.storage.SchemaProblem;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schemas of key-value entries, for admins. */
final class AdminKvSchemaRoutes {
  private static final String DATA = "data";

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_kv_schemas", this::list);
    routes.put("admin_create_kv_schema", request -> put(request, null));
    routes.put("admin_get_kv_schema", this::find);
    routes.put("admin_update_kv_schema", request -> put(request, id(request)));
    routes.put("admin_delete_kv_schema", this::delete);
    routes.put("admin_examine_kv_schema", this::examine);
    routes.put("admin_check_kv_value", this::check);
  }

  private static long id(ApiRequest request) {
    return request.input().id("id");
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new SchemaCommand.ListSchemas(KvRoutes.COLLECTION))
        .map(
            schemas -> {
              var data = new JsonArray();
              schemas.forEach(schema -> data.add(view(schema)));
              return Response.ok(JsonObject.of(DATA, data));
            });
  }

  private Future<Response> put(ApiRequest request, @Nullable Long id) {
    var in = request.input();
    Map<String, Object> schema = in.object("schema");
    return request
        .ask(
            new SchemaCommand.PutSchema(
                KvRoutes.COLLECTION,
                id,
                in.textOrEmpty("pattern"),
                KvRoutes.json(schema == null ? Map.of() : schema),
                Boolean.TRUE.equals(in.flag("enforced")),
                in.number("revision")))
        .map(AdminKvSchemaRoutes::answer);
  }

  private Future<Response> find(ApiRequest request) {
    return request
        .ask(new SchemaCommand.FindSchema(KvRoutes.COLLECTION, id(request)))
        .map(AdminKvSchemaRoutes::answer);
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new SchemaCommand.DeleteSchema(KvRoutes.COLLECTION, id(request)))
        .map(Response::empty);
  }

  private Future<Response> examine(ApiRequest request) {
    return request
        .ask(new SchemaCommand.ExamineObjects(KvRoutes.COLLECTION, id(request)))
        .map(
            examination -> {
              var entries = new JsonArray();
              examination.listed().forEach(one -> entries.add(view(one)));
              return Response.ok(
                  JsonObject.of(
                      DATA,
                      JsonObject.of(
                          "examined",
                          examination.examined(),
                          "unfit",
                          examination.unfit(),
                          "entries",
                          entries)));
            });
  }

  private Future<Response> check(ApiRequest request) {
    Map<String, Object> value = KvRoutes.value(request.input());
    return request
        .ask(
            new SchemaCommand.CheckValue(
                KvRoutes.COLLECTION, request.input().textOrEmpty("key"), KvRoutes.json(value)))
        .map(
            problems -> {
              var data = new JsonArray();
              problems.forEach(problem -> data.add(view(problem)));
              return Response.ok(JsonObject.of(DATA, data));
            });
  }

  private static Response answer(KeySchema schema) {
    return Response.ok(JsonObject.of(DATA, view(schema)));
  }

  private static JsonObject view(KeySchema schema) {
    return new JsonObject()
        .put("id", schema.id())
        .put("pattern", schema.pattern())
        .put("schema", new JsonObject(schema.content()))
        .put("enforced", schema.enforced())
        .put("revision", schema.revision())
        .put("created_at", Views.time(schema.createdMs()))
        .put("updated_at", Views.time(schema.updatedMs()));
  }

  private static JsonObject view(SchemaProblem problem) {
    return JsonObject.of("path", problem.path(), "message", problem.message());
  }

  private static JsonObject view(UnfitObject unfit) {
    PlayerId owner = unfit.name().owner();
    LobbyId lobby = unfit.name().lobby();
    return view(unfit.problem())
        .put("key", unfit.name().key())
        .put("user_id", owner == null ? null : owner.value())
        .put("lobby_id", lobby == null ? null : lobby.value());
  }
}
