package dev.rookery.protocol.gamend;

import dev.rookery.bus.Bus;
import dev.rookery.game.GameInfo;
import dev.rookery.match.GameCommand;
import dev.rookery.match.GameVersion;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Deployment of games in JavaScript by admins. */
final class AdminGameRoutes {
  static final String DEPLOY = "admin_deploy_game";

  /** Maximum size of a script, in bytes. */
  static final int SCRIPT_BYTES_MAX = 4 << 20;

  private static final ErrorShape INVALID_NAME = ErrorShape.of(400, "invalid_name");
  private static final ErrorShape INVALID_REQUEST = ErrorShape.of(400, "invalid_request");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String MANIFEST = "x-game-manifest";

  private final Bus bus;

  AdminGameRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_games", this::list);
    routes.put(DEPLOY, this::deploy);
    routes.put("admin_activate_game", this::activate);
    routes.put("admin_remove_game", this::remove);
  }

  private Future<Response> list(ApiRequest request) {
    return bus.ask(new GameCommand.ListAll())
        .map(
            all -> {
              var data = new JsonArray();
              all.forEach(each -> data.add(view(each)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private static JsonObject view(GameVersion version) {
    return new JsonObject()
        .put("game_key", version.gameKey())
        .put("version", version.version())
        .put("schema_version", version.schemaVersion())
        .put("digest", version.digest())
        .put("active", version.active())
        .put("created_at", Views.time(version.createdMs()));
  }

  private Future<Response> deploy(ApiRequest request) {
    var command =
        new GameCommand.Deploy(
            name(request, "game_key"),
            name(request, "version"),
            schemaVersion(request),
            script(request.context().body().buffer()));
    return bus.ask(command).map(info -> Response.created(info(info)));
  }

  private static String schemaVersion(ApiRequest request) {
    String manifest = request.context().request().getHeader(MANIFEST);
    if (manifest == null) {
      return "1";
    }
    try {
      String version = new JsonObject(manifest).getString("schemaVersion", "1");
      if (NAME.matcher(version).matches()) {
        return version;
      }
    } catch (DecodeException | ClassCastException _) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    throw new InvalidRequest(INVALID_REQUEST, Map.of());
  }

  private static String script(Buffer body) {
    if (body == null || body.length() == 0) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException _) {
      throw new InvalidRequest(INVALID_REQUEST, Map.of());
    }
    throw new InvalidRequest(INVALID_REQUEST, Map.of());
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
    return bus.ask(new GameCommand.Activate(name(request, "game_key"), name(request, "version")))
        .map(Response::empty);
  }

  private Future<Response> remove(ApiRequest request) {
    return bus.ask(new GameCommand.Remove(name(request, "game_key"), name(request, "version")))
        .map(Response::empty);
  }

  private static String name(ApiRequest request, String field) {
    String name = request.input().textOrEmpty(field);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidRequest(INVALID_NAME, Map.of());
    }
    return name;
  }
}
