package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.bus.Bus;
import dev.rookery.session.Session;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.util.Map;

/**
 * Shows the game of the studio, {@code static/play/index.html}, in a frame (Gamend HTTP contract,
 * section 18). The script of the page hands a signed-in game tokens of a session of its own: in the
 * fragment of the frame's address, and in the local storage. Without such a file {@code /play}
 * lists the games of the server.
 */
final class GameFramePage {
  static final String TOKENS = "/play/session";
  private static final String FILE = "play/index.html";
  private static final String ADDRESS = "/static/" + FILE;

  private final Bus bus;
  private final Path file;

  GameFramePage(Bus bus, Path staticFolder) {
    this.bus = bus;
    this.file = staticFolder.resolve(FILE);
  }

  void mount(Router router, PageRouter pages) {
    pages.postSignedIn(router, TOKENS, this::openSession);
  }

  /** Whether there is such a game; it may be put there while the server runs. */
  Future<Boolean> isPresent(Vertx vertx) {
    return vertx.fileSystem().exists(file.toString());
  }

  PageResponse page(PageRequest request) {
    return new PageResponse.Application(
        "play-frame",
        Map.of(
            "title", Message.of("Play"), "address", ADDRESS, "guest", request.session() == null));
  }

  private Future<PageResponse> openSession(PageRequest request) {
    Session session = request.requireSession();
    return bus.ask(
            new AuthCommand.OpenPlaySession(session.player(), session.id(), request.client()))
        .map(
            tokens ->
                new PageResponse.Data(
                    JsonObject.of(
                        "access_token", tokens.accessToken(),
                        "refresh_token", tokens.refreshToken())));
  }
}
