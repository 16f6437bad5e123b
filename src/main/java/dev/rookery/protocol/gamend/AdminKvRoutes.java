package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.storage.Change;
import dev.rookery.storage.Condition;
import dev.rookery.storage.ObjectName;
import dev.rookery.storage.StorageCommand;
import dev.rookery.storage.StoredObject;
import dev.rookery.storage.StoredObject.WriteAccess;
import dev.rookery.storage.Written;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Management of key-value entries by admins (Gamend HTTP contract, section 17.2). */
final class AdminKvRoutes {
  private static final long NONE = -1;

  private final Limits limits;

  AdminKvRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_kv_entries", this::list);
    routes.put("admin_create_kv_entry", this::create);
    routes.put("admin_update_kv_entry", this::update);
    routes.put("admin_delete_kv_entry", this::delete);
    routes.put("admin_upsert_kv", this::upsert);
    routes.put("admin_delete_kv", this::deleteKey);
  }

  private Future<Response> list(ApiRequest request) {
    var in = request.input();
    var filter =
        new StorageCommand.Filter(
            KvRoutes.owner(in),
            KvRoutes.lobby(in),
            in.text("key"),
            Boolean.TRUE.equals(in.flag("global_only")));
    return request
        .ask(
            new StorageCommand.Search(
                KvRoutes.COLLECTION, filter, request.page(limits.pageSizeMax())))
        .map(page -> Response.ok(Views.page(page, AdminKvRoutes::view)));
  }

  private Future<Response> create(ApiRequest request) {
    return write(request, Condition.ABSENT, true)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof Refused refused
                            && refused.refusal().code().equals("version_conflict")
                        ? Refused.invalid("key", "has already been taken")
                        : failure));
  }

  private Future<Response> upsert(ApiRequest request) {
    return write(request, KvRoutes.condition(request), false);
  }

  private Future<Response> write(ApiRequest request, Condition condition, boolean limited) {
    var in = request.input();
    Map<String, Object> value = KvRoutes.value(in);
    Map<String, Object> metadata = KvRoutes.metadata(in);
    var put =
        new Change.Put(
            KvRoutes.name(in),
            KvRoutes.json(value),
            KvRoutes.json(metadata),
            null,
            writeAccess(in),
            condition);
    return request
        .ask(
            new StorageCommand.Write(
                KvRoutes.asker(request), List.of(put), limited, request.idempotencyKey()))
        .map(written -> answer(request, written.getFirst(), value, metadata));
  }

  private static Response answer(
      ApiRequest request,
      Written written,
      Map<String, Object> value,
      Map<String, Object> metadata) {
    String version = Objects.requireNonNull(written.version());
    EntityTags.set(request, version);
    return Response.ok(
        JsonObject.of(
            "data",
            view(
                Objects.requireNonNull(written.id()),
                written.name(),
                new JsonObject(value),
                new JsonObject(metadata),
                version,
                written.ownerWrites(),
                written.createdMs(),
                written.updatedMs())));
  }

  private Future<Response> update(ApiRequest request) {
    var in = request.input();
    Map<String, Object> value = KvRoutes.valueOrNull(in);
    Map<String, Object> metadata = in.object("metadata");
    boolean movesOwner = isGiven(request, "user_id");
    boolean movesLobby = isGiven(request, "lobby_id");
    String key = in.text("key");
    PlayerId owner = KvRoutes.owner(in);
    LobbyId lobby = KvRoutes.lobby(in);
    return request
        .ask(
            new StorageCommand.Update(
                KvRoutes.COLLECTION,
                in.id("id"),
                name ->
                    new ObjectName(
                        name.collection(),
                        key == null ? name.key() : key,
                        movesOwner ? owner : name.owner(),
                        movesLobby ? lobby : name.lobby()),
                value == null ? null : KvRoutes.json(value),
                metadata == null ? null : KvRoutes.json(metadata),
                writeAccess(in)))
        .map(
            object -> {
              EntityTags.set(request, object.version());
              return Response.ok(JsonObject.of("data", view(object)));
            });
  }

  /** Whether a field was sent, be it null. */
  private static boolean isGiven(ApiRequest request, String field) {
    return Params.body(request.context()).containsKey(field)
        || Params.query(request.context()).containsKey(field);
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new StorageCommand.DeleteById(KvRoutes.COLLECTION, request.input().id("id")))
        .map(Response::empty);
  }

  private Future<Response> deleteKey(ApiRequest request) {
    return request
        .ask(new StorageCommand.DeleteKey(KvRoutes.name(request.input())))
        .map(Response::empty);
  }

  private static @Nullable WriteAccess writeAccess(Input in) {
    Boolean playerWrite = in.flag("player_write");
    return playerWrite == null ? null : KvRoutes.writeAccess(playerWrite);
  }

  private static JsonObject view(StoredObject object) {
    return view(
        object.id(),
        object.name(),
        new JsonObject(object.value()),
        new JsonObject(object.metadata()),
        object.version(),
        object.writeAccess() == WriteAccess.OWNER,
        object.createdMs(),
        object.updatedMs());
  }

  private static JsonObject view(
      long id,
      ObjectName name,
      JsonObject value,
      JsonObject metadata,
      String version,
      boolean playerWrite,
      long createdMs,
      long updatedMs) {
    return new JsonObject()
        .put("id", id)
        .put("key", name.key())
        .put("user_id", name.owner() == null ? NONE : name.owner().value())
        .put("lobby_id", name.lobby() == null ? NONE : name.lobby().value())
        .put("data", value)
        .put("metadata", metadata)
        .put("version", version)
        .put("player_write", playerWrite)
        .put("inserted_at", Views.time(createdMs))
        .put("updated_at", Views.time(updatedMs));
  }
}
