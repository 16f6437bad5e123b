package dev.rookery.protocol.page;

import dev.rookery.base.Refused;
import dev.rookery.email.Email;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Shows emails that were not delivered, for development. They contain tokens, so in production only
 * admins may see them.
 */
final class MailboxPage {
  private final Supplier<List<Email>> emails;
  private final boolean adminsOnly;

  MailboxPage(Supplier<List<Email>> emails, boolean adminsOnly) {
    this.emails = emails;
    this.adminsOnly = adminsOnly;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, "/dev/mailbox", this::show);
  }

  private Future<PageResponse> show(PageRequest request) {
    Session session = request.session();
    if (adminsOnly && (session == null || !session.admin())) {
      return Future.failedFuture(Refused.denied("forbidden"));
    }
    var views =
        emails.get().stream()
            .map(
                email -> Map.of("to", email.to(), "subject", email.subject(), "text", email.text()))
            .toList();
    return Future.succeededFuture(
        PageResponse.Render.ok("mailbox", Map.of("title", "Mailbox", "emails", views)));
  }
}
