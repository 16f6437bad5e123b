package dev.rookery.protocol.gamend;

import dev.rookery.edge.MultipartBody;
import dev.rookery.edge.RawBodyHandler;
import dev.rookery.game.GameInfo;
import dev.rookery.match.GameCommand;
import dev.rookery.match.GameManifest;
import dev.rookery.match.GameProblem;
import dev.rookery.match.GameVersion;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deployment of games in JavaScript by admins. */
final class AdminGameRoutes {
  static final String DEPLOY = "admin_deploy_game";

  /** Maximum size of a script with a manifest and static files, in bytes. */
  static final int BYTES_MAX = 21 << 20;

  private static final int SCRIPT_BYTES_MAX = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(AdminGameRoutes.class);
  private static final ErrorShape INVALID_NAME = ErrorShape.of(400, "invalid_name");
  private static final ErrorShape INVALID_REQUEST = ErrorShape.of(400, "invalid_request");
  private static final ErrorShape TOO_LARGE = ErrorShape.bare(413);
  private static final String MANIFEST = "x-game-manifest";
  private static final String SCRIPT = "script";
  private static final Set<String> PARTS = Set.of(SCRIPT, "manifest", "files");

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_games", this::list);
    routes.put(DEPLOY, this::deploy);
    routes.put("admin_activate_game", this::activate);
    routes.put("admin_remove_game", this::remove);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new GameCommand.ListAll())
        .map(
            all -> {
              var data = new JsonArray();
              all.versions().forEach(each -> data.add(view(each)));
              var problems = new JsonArray();
              for (GameProblem each : all.problems()) {
                problems.add(JsonObject.of("game_key", each.gameKey(), "message", each.message()));
              }
              return Response.ok(JsonObject.of("data", data, "problems", problems));
            });
  }

  private static JsonObject view(GameVersion version) {
    return new JsonObject()
        .put("game_key", version.gameKey())
        .put("version", version.version())
        .put("schema_version", version.schemaVersion())
        .put("digest", version.digest())
        .put("files_digest", version.filesDigest())
        .put("active", version.active())
        .put("created_at", Views.time(version.createdMs()));
  }

  private Future<Response> deploy(ApiRequest request) {
    RoutingContext context = request.context();
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    byte[] body = RawBodyHandler.body(context);
    // Not on the event loop: to look through so many bytes takes a while.
    return context
        .vertx()
        .executeBlocking(() -> command(request, type, body), false)
        .compose(
            command ->
                request
                    .ask(command)
                    .onSuccess(_ -> log(request, "deployed", command.gameKey(), command.version())))
        .map(info -> Response.created(info(info)));
  }

  private static GameCommand.Deploy command(
      ApiRequest request, @Nullable String type, byte[] body) {
    Map<String, byte[]> parts =
        type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/")
            ? MultipartBody.read(type.strip(), body)
            : Map.of(SCRIPT, body);
    if (parts == null || !PARTS.containsAll(parts.keySet())) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    byte[] manifest = parts.get("manifest");
    return new GameCommand.Deploy(
        name(request, "game_key"),
        name(request, "version"),
        schemaVersion(
            manifest == null ? request.context().request().getHeader(MANIFEST) : text(manifest)),
        script(parts.get(SCRIPT)),
        parts.get("files"));
  }

  private static void log(ApiRequest request, String what, String gameKey, String version) {
    LOG.info("admin {} has {} version {} of {}", request.player(), what, version, gameKey);
  }

  private static String schemaVersion(@Nullable String manifest) {
    String version = GameManifest.schemaVersion(manifest);
    if (version == null) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    return version;
  }

  private static String script(byte @Nullable [] script) {
    if (script == null || script.length == 0) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    if (script.length > SCRIPT_BYTES_MAX) {
      throw new InvalidRequest(TOO_LARGE, Map.of());
    }
    return text(script);
  }

  private static String text(byte[] bytes) {
    String text = GameManifest.text(bytes);
    if (text == null) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    return text;
  }

  /** The fields of {@code /__info}. */
  private static JsonObject info(GameInfo info) {
    return new JsonObject()
        .put("deploymentVersion", info.deploymentVersion())
        .put("gameKey", info.gameKey())
        .put("players", new JsonArray(info.playerIDs()))
        .put("minPlayers", info.minPlayers())
        .put("maxPlayers", info.maxPlayers())
        .put("schemaVersion", info.schemaVersion());
  }

  private Future<Response> activate(ApiRequest request) {
    var command = new GameCommand.Activate(name(request, "game_key"), name(request, "version"));
    return request
        .ask(command)
        .onSuccess(_ -> log(request, "activated", command.gameKey(), command.version()))
        .map(Response::empty);
  }

  private Future<Response> remove(ApiRequest request) {
    var command = new GameCommand.Remove(name(request, "game_key"), name(request, "version"));
    return request
        .ask(command)
        .onSuccess(_ -> log(request, "deleted", command.gameKey(), command.version()))
        .map(Response::empty);
  }

  private static String name(ApiRequest request, String field) {
    String name = request.input().textOrEmpty(field);
    if (!GameManifest.isName(name)) {
      throw new InvalidRequest(INVALID_NAME, Map.of());
    }
    return name;
  }
}
