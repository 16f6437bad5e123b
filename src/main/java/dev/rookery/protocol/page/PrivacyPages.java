package dev.rookery.protocol.page;

import dev.rookery.account.AccountCommand;
import dev.rookery.bus.Bus;
import dev.rookery.edge.ChunkedBody;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is kept of a player, and how it ends; what is told to everybody about that. */
final class PrivacyPages {
  private static final String DELETE = "/users/settings/delete";

  private final Bus bus;
  private final Theme theme;

  PrivacyPages(Bus bus, Theme theme) {
    this.bus = bus;
    this.theme = theme;
  }

  void mount(Router router, PageRouter door) {
    door.postSignedIn(router, "/users/settings/export", this::export);
    door.getSignedIn(router, DELETE, _ -> page("delete", "Delete your account", null));
    door.postSignedIn(router, DELETE, this::delete);
    door.get(router, "/privacy", _ -> page("privacy", "Privacy", theme.privacy()));
    door.get(router, "/terms", _ -> page("terms", "Terms", theme.terms()));
    door.get(router, "/data-deletion", _ -> page("data-deletion", "Deleting your data", null));
  }

  private static Future<PageResponse> page(String template, String title, @Nullable String text) {
    return Future.succeededFuture(
        PageResponse.Render.ok(template, Map.of("title", title, "text", text == null ? "" : text)));
  }

  private Future<PageResponse> export(PageRequest visit) {
    return ChunkedBody.of(
            (AccountCommand.@Nullable ExportCursor from) ->
                bus.ask(new AccountCommand.ExportData(visit.player(), from)),
            AccountCommand.ExportChunk::json,
            AccountCommand.ExportChunk::next)
        .map(pieces -> new PageResponse.Download("player-" + visit.player() + ".json", pieces));
  }

  /** Pressing the button is not enough: it stands below what was read. */
  private Future<PageResponse> delete(PageRequest visit) {
    if (!visit.field("sure").equals("yes")) {
      return Future.succeededFuture(
          new PageResponse.Render(
              422,
              "delete",
              Map.of(
                  "title", "Delete your account",
                  "errors", Map.of("sure", List.of("must be ticked")),
                  "wrong", "Tick the box if you are sure.")));
    }
    return bus.ask(new AccountCommand.Delete(visit.player()))
        .map(_ -> new PageResponse.SignOut("/users/log-in?done=deleted"));
  }
}
