package dev.rookery.protocol.console;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.edge.Protocol;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.List;

/** Mounts the admin console. */
public final class Console implements Protocol {
  private static final String ROOT = "/admin";
  private static final String PLAYERS_ALIAS = ROOT + "/players";

  private final ConsoleRouter console;

  public Console(
      Bus bus,
      ConsoleSessions sessions,
      InstantSource clock,
      Ids ids,
      ConsoleSettings settings,
      List<ConsoleSection> sections) {
    this.console = new ConsoleRouter(bus, sessions, clock, ids, settings);
    new ShellPages(bus, sessions).register(console);
    console.views().register(console);
    sections.forEach(section -> section.register(console));
  }

  @Override
  public void mount(Router router) {
    console.assets().mount(router);
    router
        .routeWithRegex(HttpMethod.GET, "/admin/players(/.*)?")
        .setName(PLAYERS_ALIAS)
        .handler(
            context ->
                context
                    .response()
                    .setStatusCode(308)
                    .putHeader(
                        HttpHeaders.LOCATION,
                        "/admin/users" + context.request().uri().substring(PLAYERS_ALIAS.length()))
                    .end());
    console.mount(router);
  }

  @Override
  public boolean isExempt(String path) {
    return path.startsWith(ConsoleAssets.ROOT);
  }

  /** Pages are never readable by other origins, whatever CORS allows for the API. */
  @Override
  public boolean handlesCors(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  /** The routes with their permissions, for tests and documentation. */
  List<ConsoleRouter.Registered> routes() {
    return console.routes();
  }
}
