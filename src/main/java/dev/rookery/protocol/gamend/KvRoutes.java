package dev.rookery.protocol.gamend;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.session.Session;
import dev.rookery.storage.Asker;
import dev.rookery.storage.Change;
import dev.rookery.storage.Condition;
import dev.rookery.storage.ObjectName;
import dev.rookery.storage.StorageCommand;
import dev.rookery.storage.StoredObject;
import dev.rookery.storage.StoredObject.WriteAccess;
import dev.rookery.storage.Written;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Key-value entries (Gamend HTTP contract, section 15.3), which are one collection of stored
 * objects. Players read them and, if the server lets them, write their own.
 */
final class KvRoutes {
  static final String COLLECTION = "kv";

  private final Bus bus;

  KvRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("get_kv", this::get);
    routes.put("put_my_kv", this::put);
    routes.put("delete_my_kv", this::delete);
  }

  private Future<Response> get(ApiRequest request) {
    return bus.ask(new StorageCommand.Read(name(request.input()), asker(request)))
        .map(
            object -> {
              EntityTags.set(request, object.version());
              return Response.ok(view(object));
            });
  }

  private Future<Response> put(ApiRequest request) {
    Map<String, Object> value = value(request.input());
    Map<String, Object> metadata = metadata(request.input());
    var put =
        new Change.Put(own(request), json(value), json(metadata), null, null, condition(request));
    return write(request, put)
        .map(
            written -> {
              String version = Objects.requireNonNull(written.version());
              EntityTags.set(request, version);
              return Response.ok(
                  new JsonObject()
                      .put("data", value)
                      .put("metadata", metadata)
                      .put("version", version));
            });
  }

  private Future<Response> delete(ApiRequest request) {
    return write(request, new Change.Delete(own(request), condition(request))).map(Response::empty);
  }

  /** Makes one change in the name of the player who asks. */
  private Future<Written> write(ApiRequest request, Change change) {
    // An admin's own entries follow the rules of every player here.
    var asker = new Asker(request.player(), false);
    return bus.ask(new StorageCommand.Write(asker, List.of(change), true, request.idempotencyKey()))
        .map(List::getFirst);
  }

  private static ObjectName own(ApiRequest request) {
    return new ObjectName(COLLECTION, request.input().textOrEmpty("key"), request.player(), null);
  }

  static WriteAccess writeAccess(boolean playerWrite) {
    return playerWrite ? WriteAccess.OWNER : WriteAccess.NOBODY;
  }

  static Asker asker(ApiRequest request) {
    Session session = request.requiredSession();
    return new Asker(session.player(), session.admin());
  }

  static ObjectName name(Input in) {
    return new ObjectName(COLLECTION, in.textOrEmpty("key"), owner(in), lobby(in));
  }

  static @Nullable PlayerId owner(Input in) {
    Long id = in.number("user_id");
    return id == null ? null : new PlayerId(id);
  }

  static @Nullable LobbyId lobby(Input in) {
    Long id = in.number("lobby_id");
    return id == null ? null : new LobbyId(id);
  }

  /** The value of a request that needs one. */
  static Map<String, Object> value(Input in) {
    Map<String, Object> value = valueOrNull(in);
    if (value == null) {
      throw Refused.invalid("data", "can't be blank");
    }
    return value;
  }

  static @Nullable Map<String, Object> valueOrNull(Input in) {
    Map<String, Object> value = in.object("value");
    return value == null ? in.object("data") : value;
  }

  static Map<String, Object> metadata(Input in) {
    Map<String, Object> metadata = in.object("metadata");
    return metadata == null ? Map.of() : metadata;
  }

  static String json(Map<String, Object> object) {
    return object.isEmpty() ? "{}" : new JsonObject(object).encode();
  }

  /** What the headers If-Match and If-None-Match demand. */
  static Condition condition(ApiRequest request) {
    var headers = request.context().request().headers();
    String match = EntityTags.list(headers, HttpHeaders.IF_MATCH);
    String noneMatch = EntityTags.list(headers, HttpHeaders.IF_NONE_MATCH);
    if (noneMatch != null) {
      if (match != null || !noneMatch.strip().equals(EntityTags.ANY)) {
        throw new InvalidRequest(EntityTags.BAD_CONDITION, Map.of());
      }
      return Condition.ABSENT;
    }
    return match == null ? Condition.ALWAYS : present(match.strip());
  }

  private static Condition present(String match) {
    if (match.equals(EntityTags.ANY)) {
      return Condition.EXISTS;
    }
    return new Condition.Present(EntityTags.parse(match));
  }

  private static JsonObject view(StoredObject object) {
    return new JsonObject()
        .put("data", new JsonObject(object.value()))
        .put("metadata", new JsonObject(object.metadata()))
        .put("version", object.version());
  }
}
