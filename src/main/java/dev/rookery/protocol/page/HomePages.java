package dev.rookery.protocol.page;

import dev.rookery.base.Page;
import dev.rookery.bus.Bus;
import dev.rookery.lease.ClusterQuery;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.translation.Language;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The home page of a game that has a theme: its name, banner, links and features, and how many play
 * now. Without a theme it is the welcome page of the server, with links to its parts.
 */
final class HomePages {
  static final String HOME = "/";
  private static final long FIGURES_MS_MAX = 2_000;
  private static final LobbyQuery.Filter ANY =
      new LobbyQuery.Filter(null, null, null, null, null, null, null);

  private final Bus bus;
  private final InstantSource clock;
  private final Themes themes;
  private volatile @Nullable Figures figures;

  /** Players and lobbies, counted for all who ask within two seconds. */
  private record Figures(Future<Map<String, Object>> counts, long countedMs) {}

  HomePages(Bus bus, InstantSource clock, Themes themes) {
    this.bus = bus;
    this.clock = clock;
    this.themes = themes;
  }

  void mount(Router router, PageRouter pages) {
    pages.getHtml(router, HOME, themes.isConfigured() ? this::home : HomePages::welcome);
    pages.preview(router, Themes.PREVIEW + "/home", this::home);
  }

  private static Future<PageResponse> welcome(PageRequest request) {
    return Future.succeededFuture(
        new PageResponse.Scripted(200, "welcome", Map.of("title", "Rookery", "accounts", true)));
  }

  private Future<PageResponse> home(PageRequest request) {
    return counts().map(counts -> page(request.texts().language(), counts));
  }

  private PageResponse page(Language language, Map<String, Object> counts) {
    ThemeHome home = themes.of(language).home();
    var model = new HashMap<>(counts);
    model.put("title", home.title());
    model.put("home", home);
    return PageResponse.Render.ok("home", model);
  }

  private Future<Map<String, Object>> counts() {
    Figures known = figures;
    long now = clock.millis();
    if (known != null && now - known.countedMs < FIGURES_MS_MAX && !known.counts.failed()) {
      return known.counts;
    }
    var counted = new Figures(count(), now);
    figures = counted;
    return counted.counts;
  }

  private Future<Map<String, Object>> count() {
    var nodes = bus.ask(new ClusterQuery.ListNodes());
    var lobbies = bus.ask(new LobbyQuery.ListOpen(ANY, new Page.Request(1, 1)));
    return Future.all(List.of(nodes, lobbies))
        .map(
            _ ->
                Map.of(
                    "players",
                    nodes.result().stream().mapToLong(node -> node.member().players()).sum(),
                    "lobbies",
                    lobbies.result().total()));
  }
}
