package dev.rookery.console;

import dev.rookery.bus.Bus;
import dev.rookery.bus.OwnThread;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.ThemeCommand.NodeThemes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@link ThemeCommand}: each node says what it has read, and reads again when asked. */
public final class ThemeVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ThemeVerticle.class);
  private static final String THEME = "theme";
  private static final String RELOAD = "reload_theme";

  private final Bus bus;
  private final NodeCalls calls;
  private final Supplier<ThemeState> state;
  private final Callable<ThemeState> reload;
  private Future<ThemeState> reloading = Future.succeededFuture(ThemeState.NONE);

  /**
   * @param state the theme of this node, from memory
   * @param reload reads its files again; blocks
   */
  public ThemeVerticle(
      Bus bus, NodeCalls calls, Supplier<ThemeState> state, Callable<ThemeState> reload) {
    this.bus = bus;
    this.calls = calls;
    this.state = state;
    this.reload = reload;
  }

  @Override
  public Future<?> start() {
    calls.answer(THEME, _ -> state.get().toJson());
    calls.answer(RELOAD, _ -> beginReload());
    return bus.<ThemeCommand<?>>serve(ThemeCommand.ADDRESS, this::handle);
  }

  private synchronized JsonObject beginReload() {
    if (reloading.isComplete()) {
      reloading =
          OwnThread.run("theme", reload)
              .onFailure(failure -> LOG.warn("the theme was not read again", failure));
    }
    return new JsonObject();
  }

  private synchronized Future<ThemeState> reloading() {
    return reloading;
  }

  private Object handle(ThemeCommand<?> command) {
    return switch (command) {
      case ThemeCommand.ShowTheme() -> show();
      case ThemeCommand.ReloadTheme() -> reload();
    };
  }

  private NodeThemes show() {
    NodeCalls.Answers answers = calls.askAll(THEME, new JsonObject()).await();
    var nodes = new TreeMap<String, ThemeState>();
    answers.byNode().forEach((name, answer) -> nodes.put(name, ThemeState.fromJson(answer)));
    return new NodeThemes(nodes, answers.silent());
  }

  private NodeThemes reload() {
    calls.askAll(RELOAD, new JsonObject(), NodeCalls.LONG_WITHIN).await();
    reloading().await();
    return show();
  }
}
