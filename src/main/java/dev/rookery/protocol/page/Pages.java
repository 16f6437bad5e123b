package dev.rookery.protocol.page;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Protocol;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** All pages, under the addresses that letters and games know. */
public final class Pages implements Protocol {
  private static final String FILES = "/page/";

  private final PageSettings settings;
  private final PageRouter door;
  private final SignInPages signIn;
  private final EmailLinkPages letters;
  private final SettingsPages mine;
  private final PrivacyPages data;
  private final ProviderPages providers;
  private final @Nullable MailboxPage mailbox;
  private final Buffer style = read();

  public Pages(
      Bus bus,
      Sessions sessions,
      Tokens tokens,
      InstantSource clock,
      Ids ids,
      PageSettings settings) {
    this.settings = settings;
    this.door = new PageRouter(bus, sessions, tokens, clock, ids, settings);
    this.signIn = new SignInPages(bus, sessions, settings.limits());
    this.letters = new EmailLinkPages(bus, settings.limits());
    this.mine = new SettingsPages(bus, settings.limits());
    this.providers = new ProviderPages(bus);
    this.data = new PrivacyPages(bus, settings.theme());
    var unsent = settings.letters();
    this.mailbox = unsent == null ? null : new MailboxPage(unsent, settings.lettersForAdmins());
  }

  @Override
  public void mount(Router router) {
    file(router, "page.css", style);
    Buffer theme = settings.theme().css();
    if (theme != null) {
      file(router, "theme.css", theme);
    }
    signIn.into(router, door);
    letters.into(router, door);
    mine.into(router, door);
    data.into(router, door);
    providers.into(router, door);
    if (mailbox != null) {
      mailbox.into(router, door);
    }
  }

  @Override
  public boolean uncounted(String path) {
    return path.startsWith(FILES);
  }

  /** No page of anybody else may read what is on ours, whoever may use the API. */
  @Override
  public boolean answersCors(String path) {
    return path.startsWith("/users/") || path.startsWith("/dev/");
  }

  private static void file(Router router, String name, Buffer content) {
    router
        .get(FILES + name)
        .setName(FILES + name)
        .handler(
            context ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/css; charset=utf-8")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .putHeader("x-content-type-options", "nosniff")
                    .end(content));
  }

  private static Buffer read() {
    try (InputStream content = Pages.class.getResourceAsStream("/page/page.css")) {
      if (content == null) {
        throw new IllegalStateException("/page/page.css is not on the class path");
      }
      return Buffer.buffer(content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
