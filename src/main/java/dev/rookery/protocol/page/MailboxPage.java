package dev.rookery.protocol.page;

import dev.rookery.base.Refused;
import dev.rookery.email.Letter;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Letters that went nowhere, for those who develop. They open accounts. */
final class MailboxPage {
  private final Supplier<List<Letter>> letters;
  private final boolean forAdmins;

  MailboxPage(Supplier<List<Letter>> letters, boolean forAdmins) {
    this.letters = letters;
    this.forAdmins = forAdmins;
  }

  void into(Router router, PageRouter door) {
    door.open(router, "/dev/mailbox", this::show);
  }

  private Future<PageResponse> show(PageRequest visit) {
    Session session = visit.session();
    if (forAdmins && (session == null || !session.admin())) {
      return Future.failedFuture(Refused.denied("forbidden"));
    }
    var shown =
        letters.get().stream()
            .map(
                letter ->
                    Map.of("to", letter.to(), "subject", letter.subject(), "text", letter.text()))
            .toList();
    return Future.succeededFuture(
        PageResponse.Render.page("mailbox", Map.of("title", "Mailbox", "letters", shown)));
  }
}
