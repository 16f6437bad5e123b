package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Tic-tac-toe in JavaScript, with a session that has what section 1 of the openturn contract
 * requires of one. Load tests deploy it as {@link LeaderboardScenario#ADMIN_DEVICE}, whose player
 * must be an admin.
 */
public final class JavaScriptGame {
  static final String KEY = "tic-tac-toe-js";

  private static final String VERSION = "1";
  // The node plays a match before it answers, with an engine that is not compiled yet.
  private static final long DEPLOY_TIMEOUT_MS = 120_000;
  private static final int POLL_MS = 100;
  private static final int POLLS_MAX = 100;

  private JavaScriptGame() {}

  /**
   * Deploys it if the rooms of a scenario are of this game; completes when each node opens rooms of
   * it.
   */
  static Future<Void> deploy(ScenarioContext context) {
    if (!context.options().game().equals(KEY)) {
      return Future.succeededFuture();
    }
    ApiClient client = context.client(context.node()).withTimeout(DEPLOY_TIMEOUT_MS);
    return RequestSequence.signIn(client, LeaderboardScenario.ADMIN_DEVICE)
        .compose(
            token ->
                client
                    .upload(
                        "/api/v1/admin/games/" + KEY + "/versions/" + VERSION,
                        token,
                        ticTacToe().getBytes(StandardCharsets.UTF_8))
                    .compose(
                        _ -> {
                          List<URI> nodes = context.options().nodes();
                          return BoundedConcurrency.forEach(
                              nodes.size(), 1, i -> open(context, nodes.get(i), token, POLLS_MAX));
                        }))
        .mapEmpty();
  }

  /** Opens a room as soon as the node has loaded the game. */
  private static Future<JsonObject> open(
      ScenarioContext context, URI node, String token, int attempts) {
    return context
        .client(node)
        .post("/api/dev/rooms", token, JsonObject.of("gameKey", KEY))
        .recover(
            failure ->
                attempts == 0
                    ? Future.failedFuture(failure)
                    : context
                        .millis(POLL_MS)
                        .compose(_ -> open(context, node, token, attempts - 1)));
  }

  /** The script of the game. */
  public static String ticTacToe() {
    return of(read("tic-tac-toe.js"));
  }

  /** The script of a game that is defined by code which sets {@code game}. */
  public static String of(String code) {
    return "(() => {\n"
        + read("session.js")
        + code
        + "\nglobalThis.openturn = {game, createLocalSession, createLocalSessionFromSnapshot};\n"
        + "})();\n";
  }

  private static String read(String name) {
    try (InputStream in =
        Objects.requireNonNull(JavaScriptGame.class.getResourceAsStream("/loadtest/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
