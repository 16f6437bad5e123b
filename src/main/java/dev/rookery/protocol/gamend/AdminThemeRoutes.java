package dev.rookery.protocol.gamend;

import dev.rookery.console.ThemeCommand;
import dev.rookery.console.ThemeCommand.NodeThemes;
import dev.rookery.console.ThemeState;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The theme of the player pages, for admins. */
final class AdminThemeRoutes {
  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_get_theme", this::show);
    routes.put("admin_reload_theme", this::reload);
  }

  private Future<Response> show(ApiRequest request) {
    return request.ask(new ThemeCommand.ShowTheme()).map(AdminThemeRoutes::answer);
  }

  private Future<Response> reload(ApiRequest request) {
    return request.ask(new ThemeCommand.ReloadTheme()).map(AdminThemeRoutes::answer);
  }

  private static Response answer(NodeThemes themes) {
    var data = new JsonArray();
    themes.nodes().forEach((node, theme) -> data.add(view(node, theme)));
    return Response.ok(JsonObject.of("data", data, "silent", new JsonArray(themes.silent())));
  }

  private static JsonObject view(String node, ThemeState theme) {
    return new JsonObject()
        .put("node", node)
        .put("file", theme.file())
        .put("read_at", theme.readMs() == 0 ? null : Views.time(theme.readMs()))
        .put(
            "languages",
            list(
                theme.languages(),
                one ->
                    JsonObject.of("language", one.tag(), "file", one.file(), "title", one.title())))
        .put(
            "findings",
            list(
                theme.findings(),
                one ->
                    new JsonObject()
                        .put("error", one.error())
                        .put("file", one.file())
                        .put("line", one.line() == 0 ? null : one.line())
                        .put("text", one.text())))
        .put(
            "contrasts",
            list(
                theme.contrasts(),
                one ->
                    new JsonObject()
                        .put("theme", one.sheet())
                        .put("dark", one.dark())
                        .put("text", one.text())
                        .put("background", one.background())
                        .put("ratio", one.ratio())
                        .put("enough", one.enough())));
  }

  private static <T> JsonArray list(List<T> items, Function<T, JsonObject> view) {
    var list = new JsonArray();
    items.forEach(item -> list.add(view.apply(item)));
    return list;
  }
}
