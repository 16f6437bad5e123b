package dev.rookery.protocol.page;

import dev.rookery.account.AccountCommand;
import dev.rookery.bus.Bus;
import dev.rookery.edge.ChunkedBody;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves the data export, account deletion, privacy, terms and data-deletion pages. */
final class PrivacyPages {
  private static final String DELETE = "/users/settings/delete";

  private final Bus bus;
  private final Themes themes;

  PrivacyPages(Bus bus, Themes themes) {
    this.bus = bus;
    this.themes = themes;
  }

  void mount(Router router, PageRouter pages) {
    pages.postSignedIn(router, "/users/settings/export", this::export);
    pages.getSignedIn(router, DELETE, _ -> page("delete", Message.of("Delete account"), null));
    pages.postSignedIn(router, DELETE, this::delete);
    pages.get(
        router,
        "/privacy",
        request -> page("privacy", Message.of("Privacy policy"), theme(request).privacy()));
    pages.get(
        router,
        "/terms",
        request -> page("terms", Message.of("Terms of service"), theme(request).terms()));
    pages.get(
        router, "/data-deletion", _ -> page("data-deletion", Message.of("Data deletion"), null));
  }

  private Theme theme(PageRequest request) {
    return themes.of(request.texts().language());
  }

  private static Future<PageResponse> page(String template, Message title, @Nullable String text) {
    return Future.succeededFuture(
        PageResponse.Render.ok(template, Map.of("title", title, "text", text == null ? "" : text)));
  }

  private Future<PageResponse> export(PageRequest request) {
    return ChunkedBody.of(
            (AccountCommand.@Nullable ExportCursor from) ->
                bus.ask(new AccountCommand.ExportData(request.player(), from)),
            AccountCommand.ExportChunk::json,
            AccountCommand.ExportChunk::next)
        .map(content -> new PageResponse.Download("player-" + request.player() + ".json", content));
  }

  /** Deletes the account. The checkbox guards against pressing the button by accident. */
  private Future<PageResponse> delete(PageRequest request) {
    if (!request.field("sure").equals("yes")) {
      return Future.succeededFuture(
          new PageResponse.Render(
              422,
              "delete",
              Map.of(
                  "title", Message.of("Delete account"),
                  "errors", Map.of("sure", List.of(Message.of("must be checked"))),
                  "error", Message.of("Check the box to confirm the deletion."))));
    }
    return bus.ask(new AccountCommand.Delete(request.player()))
        .map(_ -> new PageResponse.SignOut("/users/log-in?done=deleted"));
  }
}
